# Every phrase: standin vendors --steps
@doo
Feature: Our receiver and doo

  Scenario: a ticket by bank transfer is valid once it is paid
    Given a doo account
    When Anna books a ticket by bank transfer
    Then every webhook is accepted
    And no webhook was sent without a token
    And the receiver has Anna's ticket as "pending"
    When 3 days pass
    And the payment of Anna arrives
    Then the receiver has Anna's order as "active"
    And the receiver has Anna's ticket as "valid"

  Scenario: the same booking twice is one booking
    Given a doo account
    And every order_created of Anna is delivered twice
    When Anna books a ticket
    And Bo books a ticket
    Then the effects on Anna equal those on Bo
