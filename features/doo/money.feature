@doo
Feature: doo: amounts to the cent
  An amount that is off by a cent fails the bookkeeping of a whole month. Documented: payment.amount is
  a text that holds a number, total_coupon_discount is a whole number, buyer_price is what the buyer
  pays with all fees and VAT, for net and gross prices. Assumed: amounts are in euros with two decimals,
  the amount is what the tickets cost the buyer less the coupon, and a coupon takes off whole euros.

  Scenario Outline: an order of <number> tickets at <prices> prices costs what the vendor says
    Given a doo account
      | setting | value    |
      | prices  | <prices> |
    When Aoife books <number> tickets
    Then every webhook is accepted
    And the receiver has Aoife's order as the vendor has it

    Examples:
      | number | prices |
      | 1      | gross  |
      | 9      | net    |

  Scenario: a free order costs nothing
    Given a doo account
      | setting | value |
      | prices  | free  |
    When Bashkim books 3 tickets
    Then every webhook is accepted
    And the receiver has Bashkim's order with:
      | field                 | value |
      | payment.amount        | 0.00  |
      | total_coupon_discount | 0     |

  Scenario Outline: a coupon at <prices> prices is taken off once, and not for each ticket
    Given a doo account
      | setting      | value    |
      | prices       | <prices> |
      | coupon_euros | 3        |
    When Chinedu books 4 tickets with the coupon "EARLY-BIRD"
    Then every webhook is accepted
    And the receiver has Chinedu's order with:
      | field                 | value |
      | total_coupon_discount | 3     |
    And the receiver has Chinedu's order as the vendor has it

    Examples:
      | prices |
      | gross  |
      | net    |

  Scenario: a coupon that is worth more than the order leaves nothing below zero
    Given a doo account
      | setting      | value |
      | coupon_euros | 1000  |
    When Dilnoza books a ticket with the coupon "STAFF-2031"
    Then every webhook is accepted
    And the receiver has Dilnoza's order as the vendor has it

  Scenario: a coupon has nothing to take off a free order
    Given a doo account
      | setting | value |
      | prices  | free  |
    When Eirini books a ticket with the coupon "WELCOME-10"
    Then every webhook is accepted
    And the receiver has Eirini's order with:
      | field                 | value |
      | payment.amount        | 0.00  |
      | total_coupon_discount | 0     |

  Scenario: a fee of one cent for each ticket is in the amount
    Given a doo account
      | setting   | value |
      | fee_cents | 1     |
    When Gulnara books 3 tickets
    Then every webhook is accepted
    And the receiver has Gulnara's order as the vendor has it

  Scenario: what was to be paid is what was paid
    Given a doo account
      | setting | value |
      | prices  | net   |
    When Haruka books 2 tickets by bank transfer
    Then the receiver has Haruka's order as the vendor has it
    When 3 days pass
    And the payment of Haruka arrives
    Then every webhook is accepted
    And the receiver has Haruka's order as the vendor has it
