Feature: f
  Scenario: s
    Given an Ombori account
    And every webhook is delivered twice
    And deliveries are held back
    When Anna takes a walk-in ticket
    And the faults are over
