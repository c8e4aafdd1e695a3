Feature: f
  Scenario: s
    Given an Ombori account
    And attempt 2 of every webhook is lost
    When Anna takes a walk-in ticket
    Then every webhook is accepted
