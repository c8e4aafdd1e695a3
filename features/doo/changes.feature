@doo
Feature: doo: changes are held to the same rules as creations

  @rule:credentials @must @credentials
  Rule: A webhook without valid credentials is refused and changes nothing
    Why: Anybody who finds the URL can post to it. A receiver that checks no token, or accepts any,
    lets strangers book and cancel.
    Documented: the receiver issues the token, and doo sends it back in the header. Whether the
    receiver checks the token, and how long it is valid, is up to the receiver.
    Source: https://viovendi.atlassian.net/wiki/spaces/API/pages/22841099
    Assumed: it refuses a token that it never issued, that has expired, that it has revoked, or that
    it issued to another client. Any 4xx is a refusal; 401 is usual.

    Scenario Outline: a cancellation that arrives <how> is refused, and the order stays
      Given a doo account
        | setting            | value           |
        | cancellation_fires | order_cancelled |
      And a token is fetched for each attempt
      When Aurélie books a ticket
      And the next order_cancelled arrives <how>
      And the organizer cancels the booking of Aurélie
      Then the order_cancelled of Aurélie is refused
      And no answer is a server error
      And the receiver still has Aurélie's order as "active"

      Examples:
        | how                              |
        | without credentials              |
        | with empty credentials           |
        | with malformed credentials       |
        | with the token of another client |

  @rule:new-fields @should
  Rule: A field that was added breaks nothing
    Why: The models have two hundred fields and have changed before without a version. A receiver
    that breaks on a new one fails guests who did nothing wrong.
    Documented: the fields with their types.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Assumed: fields may be added.

    Scenario: a payment with a new field is accepted or refused, and the change after it is accepted
      Given a doo account
      When Bogumił books a ticket by bank transfer
      And the next order_updated of Bogumił arrives with field "order_details.loyalty_tier" as "gold"
      And the payment of Bogumił arrives
      Then the order_updated of Bogumił is accepted or refused
      And no answer is a server error
      When the organizer cancels the booking of Bogumił
      Then the receiver has Bogumił's order as the vendor has it

  @rule:money @must
  Rule: An amount is right to the cent
    Why: An amount that is off by one cent spoils the bookkeeping of a whole month.
    Documented: payment.amount is a string with a number, total_coupon_discount is a whole number,
    and buyer_price is what the buyer pays with all fees and VAT, for net and gross prices.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Assumed: amounts are in euros with two decimals, the amount is the price of the tickets less the
    coupon, and a coupon takes off whole euros.

    Scenario: a coupon is not taken off again when the order changes
      Given a doo account
        | setting      | value |
        | coupon_euros | 3     |
      When Cathal books 4 tickets with the coupon "EARLY-BIRD"
      And Cathal corrects the name to "Cathal Ó Briain"
      Then every webhook is accepted
      And the receiver has Cathal's order as the vendor has it
