Feature: f
  Scenario: s
    Given an Ombori account
    When Anna takes a walk-in ticket
    Then the receiver still has Anna's position as "completed"
