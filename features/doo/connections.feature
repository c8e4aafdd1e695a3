@doo
Feature: doo: several webhooks on one connection

  @rule:request-forms @should
  Rule: The same request in another form is the same request
    Why: doo's HTTP library may change, and a proxy on the way writes requests anew: another spelling of
    the content type, a body in chunks, an older version of HTTP. The webhook in it is the same.
    Inferred: HTTP says that these forms mean the same (RFC 9110 and RFC 9112). A server may refuse some
    of them (411 to chunks, 417 to Expect, 505 to HTTP/1.0); then it loses webhooks.
    Not documented: in which form doo sends requests.
    Assumed: HTTP/1.1 with a Content-Length, and the content type application/json. A change of what the
    receiver refused before is known with its new state.

    Scenario: an order is known if all its webhooks come on one connection
      Given a doo account
      And every webhook arrives on a persistent connection
      When Aurélie books a ticket by bank transfer
      And the payment of Aurélie arrives
      Then every webhook is accepted
      And the receiver has Aurélie's order as the vendor has it
