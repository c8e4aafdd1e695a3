Feature: f
  Scenario: s
    Given an Ombori account
    And the next webhook is overtaken by the next one
    When Anna takes a walk-in ticket
    Then every webhook is accepted
