Feature: f
  Scenario: s
    Given an Ombori account
    When anna takes a walk-in ticket
    Then every webhook is accepted
