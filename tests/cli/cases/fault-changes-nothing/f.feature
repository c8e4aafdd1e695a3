Feature: f
  Scenario: s
    Given an Ombori account
    And every webhook arrives without field "data.posision.id"
    When Anna takes a walk-in ticket
    Then every webhook is accepted
