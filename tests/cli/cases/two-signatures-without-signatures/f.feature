Feature: f
  Scenario: s
    Given an Ombori account
    And every webhook arrives with two signatures
