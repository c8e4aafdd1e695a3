@doo
Feature: doo: values that programs get wrong

  @rule:money @must
  Rule: An amount is right to the cent
    Why: An amount that is off by one cent spoils the bookkeeping of a whole month.
    Documented: payment.amount is a string with a number, total_coupon_discount is a whole number,
    and buyer_price is what the buyer pays with all fees and VAT, for net and gross prices.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Assumed: amounts are in euros with two decimals, the amount is the price of the tickets less the
    coupon, and a coupon takes off whole euros.

    Scenario Outline: the amount <amount>, which binary fractions get wrong, is stored to the cent
      Given a doo account
      And the next order_created arrives with field "order_details.payment.amount" as "<amount>"
      When Wanjiru books a ticket
      Then every webhook is accepted
      And the receiver has Wanjiru's order with:
        | field          | value    |
        | payment.amount | <amount> |

      Examples:
        | amount    |
        | 0.30      |
        | 1.15      |
        | 8.20      |
        | 19.99     |
        | 59.97     |
        | 1023.45   |
        | 167772.17 |

  @rule:refused-text @should
  Rule: Text that a database refuses breaks nothing else
    Why: JSON can hold text that databases and other languages cannot, such as a character 0 or half an
    emoji. A receiver that fails at it answers with a server error, and gets the webhook again and again.
    Not documented: which characters texts have.
    Assumed: a receiver may store such a text, change it or refuse it. It must not fail with a server
    error, and takes the webhook after it.

    Scenario Outline: an order whose <path> is <value> is accepted or refused, and the payment after it is accepted
      Given a doo account
      And the next webhook arrives with field "order_details.<path>" as <value>
      When Xiomara books a ticket by bank transfer
      Then the order_created of Xiomara is accepted or refused
      And no answer is a server error
      When the payment of Xiomara arrives
      Then the order_updated of Xiomara is accepted
      And the receiver has Xiomara's order as the vendor has it

      Examples:
        | path                   | value            |
        | first_name             | "Xio\\u0000mara"  |
        | first_name             | "Xiomara \\ud83d" |
        | last_name              | "\\udc4d"         |
        | attendees.0.first_name | "Xio\\u0000mara"  |

    Scenario Outline: a title that is <value> is accepted or refused, and the change after it is accepted
      Given a doo account
      And the next event_updated arrives with field "title" as <value>
      When the organizer renames Summit to "Summit of the north"
      Then the event_updated of Summit is accepted or refused
      And no answer is a server error
      When 1 hour passes
      And the organizer postpones Summit by 1 day
      Then the event_updated of Summit is accepted
      And the receiver has Summit's event as the vendor has it

      Examples:
        | value            |
        | "Summit \\ud83d" |
        | "Summit\\u0000"  |
