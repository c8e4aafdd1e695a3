Feature: f
  Scenario: s
    Given an Ombori account
    And every webhook arrives but is answered 204 by a gateway
