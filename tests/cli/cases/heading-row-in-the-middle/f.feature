Feature: f
  Scenario: s
    Given a doo account
    When Anna books a ticket
    Then every token request has:
      | field | value |
      | client_id | doo |
      | field | value |
