Feature: f
  Scenario: s
    Given an Ombori account
    And every webhook is answered 200 by a gateway
