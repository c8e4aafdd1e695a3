Feature: f
  Scenario: s
    Given an Ombori account
    When Anna takes a walkin ticket
    And staff calls Anna
    Then every webhook is acepted
