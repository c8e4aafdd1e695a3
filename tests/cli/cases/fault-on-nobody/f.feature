Feature: f
  Scenario: s
    Given an Ombori account
    And every webhook of Zorro is lost
    When Anna takes a walk-in ticket
    Then every webhook is accepted
