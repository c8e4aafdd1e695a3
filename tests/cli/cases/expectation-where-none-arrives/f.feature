Feature: f
  Scenario: s
    Given an Ombori account
    And every webhook is answered 503 by a gateway
    When Anna takes a walk-in ticket
    Then every webhook is accepted
