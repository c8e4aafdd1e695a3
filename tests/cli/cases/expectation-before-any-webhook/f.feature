Feature: f
  Scenario: s
    Given an Ombori account
    Then the last webhook is accepted
