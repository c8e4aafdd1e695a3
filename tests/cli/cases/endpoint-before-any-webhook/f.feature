Feature: f
  Scenario: s
    Given an Ombori account
    Then the endpoint is deactivated
