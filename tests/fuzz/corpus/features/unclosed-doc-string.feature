Feature: a
  Scenario: b
    Given an ombori account
      """
      text
