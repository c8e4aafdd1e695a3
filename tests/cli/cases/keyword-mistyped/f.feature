Feature: f
  Scenario: s
    Given an Ombori account
    Wehn Anna takes a walk-in ticket
    Then every webhook is accepted
  Scenaro: another
    Given an Ombori account
    When Anna takes a walk-on ticket
    Thne every webhook is accepted
