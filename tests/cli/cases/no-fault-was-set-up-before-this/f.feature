Feature: f
  Scenario: s
    Given an Ombori account
    When the faults are over
