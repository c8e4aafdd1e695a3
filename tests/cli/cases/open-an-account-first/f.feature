Feature: f
  Scenario: s
    When Anna takes a walk-in ticket
