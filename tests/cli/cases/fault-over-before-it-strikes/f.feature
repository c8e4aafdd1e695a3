Feature: f
  Scenario: s
    Given an Ombori account
    And every webhook is delivered twice
    And the faults are over
    When Anna takes a walk-in ticket
    Then every webhook is accepted
