@doo
Feature: doo: amounts to the cent

  @rule:money @must
  Rule: An amount is right to the cent
    Why: An amount that is off by one cent spoils the bookkeeping of a whole month.
    Documented: payment.amount is a string with a number, total_coupon_discount is a whole number,
    and buyer_price is what the buyer pays with all fees and VAT, for net and gross prices.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Assumed: amounts are in euros with two decimals, the amount is the price of the tickets less the
    coupon, and a coupon takes off whole euros.

    Scenario Outline: an order of <tickets> at <prices> prices has the vendor's amount
      Given a doo account
        | setting | value    |
        | prices  | <prices> |
      When Aoife books <tickets>
      Then every webhook is accepted
      And the receiver has Aoife's order as the vendor has it

      Examples:
        | tickets   | prices |
        | a ticket  | gross  |
        | 9 tickets | net    |

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

    Scenario Outline: a coupon at <prices> prices is taken off once per order, not per ticket
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

    Scenario: a coupon that is worth more than the order does not make the amount negative
      Given a doo account
        | setting      | value |
        | coupon_euros | 1000  |
      When Dilnoza books a ticket with the coupon "STAFF-2031"
      Then every webhook is accepted
      And the receiver has Dilnoza's order as the vendor has it

    Scenario: a coupon does not change a free order
      Given a doo account
        | setting | value |
        | prices  | free  |
      When Eirini books a ticket with the coupon "WELCOME-10"
      Then every webhook is accepted
      And the receiver has Eirini's order with:
        | field                 | value |
        | payment.amount        | 0.00  |
        | total_coupon_discount | 0     |

    Scenario: the amount includes a fee of one cent per ticket
      Given a doo account
        | setting   | value |
        | fee_cents | 1     |
      When Gulnara books 3 tickets
      Then every webhook is accepted
      And the receiver has Gulnara's order as the vendor has it

    Scenario: the amount stays the same when it is paid
      Given a doo account
        | setting | value |
        | prices  | net   |
      When Haruka books 2 tickets by bank transfer
      Then the receiver has Haruka's order as the vendor has it
      When 3 days pass
      And the payment of Haruka arrives
      Then every webhook is accepted
      And the receiver has Haruka's order as the vendor has it
