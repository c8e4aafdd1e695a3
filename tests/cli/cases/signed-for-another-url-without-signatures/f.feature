Feature: f
  Scenario: s
    Given an Ombori account
    And every webhook arrives signed for another URL
