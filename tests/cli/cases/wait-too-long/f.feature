Feature: f
  Scenario: s
    Given an Ombori account
    When 10000 days pass
