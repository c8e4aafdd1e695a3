Feature: f
  Scenario: s
    Given an Ombori account
    And every webhook is delivered twice
    When Anna takes a walk-in ticket
    Then the receiver still has Anna's position as "completed"
