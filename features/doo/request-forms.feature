@doo
Feature: doo: how requests arrive

  @rule:request-forms @should
  Rule: The same request in another form is the same request
    Why: doo's HTTP library may change, and a proxy on the way writes requests anew: another spelling of
    the content type, a body in chunks, an older version of HTTP. The webhook in it is the same.
    Inferred: HTTP says that these forms mean the same (RFC 9110 and RFC 9112). A server may refuse some
    of them (411 to chunks, 417 to Expect, 505 to HTTP/1.0); then it loses webhooks.
    Not documented: in which form doo sends requests.
    Assumed: HTTP/1.1 with a Content-Length, and the content type application/json. A change of what the
    receiver refused before is known with its new state.

    Scenario Outline: an order is known if every webhook <form>
      Given a doo account
      And every webhook <form>
      When Aurélie books a ticket by bank transfer
      And the payment of Aurélie arrives
      Then every webhook is accepted
      And the receiver has Aurélie's order as the vendor has it

      Examples:
        | form                                                        |
        | arrives with content type "application/json; charset=utf-8" |
        | arrives with content type "application/json;charset=UTF-8"  |
        | arrives with content type "Application/JSON"                |
        | arrives in chunks                                           |
        | arrives in HTTP/1.0                                         |
        | arrives with header names in lower case                     |
        | arrives with header names in upper case                     |
        | waits for 100 Continue before its body                      |

    Scenario Outline: an order whose webhook <form> is accepted or refused, and the next change is accepted
      Given a doo account
      And the next webhook <form>
      When Bogdan books a ticket by bank transfer
      Then the order_created of Bogdan is accepted or refused
      And no answer is a server error
      When the payment of Bogdan arrives
      Then the order_updated of Bogdan is accepted
      And the receiver has Bogdan's ticket as "valid"

      Examples:
        | form                           |
        | arrives with a byte order mark |
        | arrives compressed with gzip   |

  @rule:hang-up @must
  Rule: A webhook is not lost if the vendor hangs up on it
    Why: A vendor does not wait for ever. When it closes the connection, many servers stop their work on
    that request. If a receiver notes a webhook as done before the work is done, it takes the retry for
    a duplicate, and the change is lost.
    Documented: any answer but 200 leads to a retry.
    Source: https://viovendi.atlassian.net/wiki/spaces/API/pages/9077132
    Assumed: a retry has the same bytes, and no answer is a failure too.

    Scenario Outline: an order has its effects once if the vendor hangs up on every first attempt after <time>
      Given a doo account
      And deliveries are retried 3 times, 10 minutes apart
      And attempt 1 of every webhook of Clotilde arrives, and the vendor hangs up after <time>
      When Clotilde books a ticket by bank transfer
      And 11 minutes pass
      And the payment of Clotilde arrives
      And 11 minutes pass
      And the organizer cancels the booking of Clotilde
      And 11 minutes pass
      And Dragomir books a ticket by bank transfer
      And the payment of Dragomir arrives
      And the organizer cancels the booking of Dragomir
      Then the effects on Clotilde equal those on Dragomir
      And no answer is a server error
      And the receiver has Clotilde's order as "organizer_accepted_cancellation"

      Examples:
        | time |
        | 1ms  |
        | 30ms |
