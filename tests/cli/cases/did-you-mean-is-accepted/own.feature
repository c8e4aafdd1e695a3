Feature: f
  Scenario: s
    Given an Ombori account
    When Anna takes a walk-in ticket
    Then every webhook is acepted
