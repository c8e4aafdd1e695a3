Feature: a
  Scenario: b
    Given an doo account
    Wehn anna books
    Then the probe has a order
    And { null: "" }
