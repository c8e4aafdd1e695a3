Feature: f
  Scenario: s
    Given an Ombori account
    Wehn Anna takes a walk-in ticket
    Then every webhook is accepted
