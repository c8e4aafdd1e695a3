Feature: f
  Scenario: s
    Given an Ombori account
    And every webhook is tampered with after signing
