Feature: f
  Scenario: whose account is mistyped
    Gvien an Ombori account
    When Anna takes a walk-in ticket
    Then every webhook is accepted
  Scenario: with one step
    The guest comes.
    Wehn Anna takes a walk-in ticket
