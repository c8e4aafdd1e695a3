@waitwhile
Feature: Waitwhile: how requests arrive

  @rule:request-forms @should
  Rule: The same request in another form is the same request
    Why: Waitwhile's HTTP library may change, and a proxy on the way writes requests anew: another spelling of
    the content type, a body in chunks, an older version of HTTP. The webhook in it is the same.
    Inferred: HTTP says that these forms mean the same (RFC 9110 and RFC 9112). A server may refuse some
    of them (411 to chunks, 417 to Expect, 505 to HTTP/1.0); then it loses webhooks.
    Not documented: in which form Waitwhile sends requests.
    Assumed: HTTP/1.1 with a Content-Length, and the content type application/json. A change of what the
    receiver refused before is known with its new state.

    Scenario Outline: a guest is known if every webhook <form>
      Given a Waitwhile account
      And every webhook <form>
      When Aurélie joins the waitlist
      And staff serve Aurélie
      Then every webhook is accepted
      And the receiver has Aurélie's visit as the vendor has it

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

    Scenario Outline: a guest whose webhook <form> is accepted or refused, and the next change is accepted
      Given a Waitwhile account
      And the next webhook <form>
      When Bogdan joins the waitlist
      Then the visit.created of Bogdan is accepted or refused
      And no answer is a server error
      When staff serve Bogdan
      Then the visit.updated of Bogdan is accepted
      And the receiver has Bogdan's visit as "SERVING"

      Examples:
        | form                           |
        | arrives with a byte order mark |
        | arrives compressed with gzip   |

  @rule:hang-up @must
  Rule: A webhook is not lost if the vendor hangs up on it
    Why: A vendor does not wait for ever. When it closes the connection, many servers stop their work on
    that request. If a receiver notes a webhook as done before the work is done, it takes the retry for
    a duplicate, and the change is lost.
    Documented: a failed attempt is repeated up to three times.
    Source: https://developers.waitwhile.com/docs/webhooks-1
    Assumed: an attempt without an answer has failed, and a retry has the same bytes.

    Scenario Outline: a visit has its effects once if the vendor hangs up on every first attempt after <time>
      Given a Waitwhile account
      And deliveries are retried 3 times, 10 minutes apart
      And attempt 1 of every webhook of Clotilde arrives, and the vendor hangs up after <time>
      When Clotilde joins the waitlist
      And 11 minutes pass
      And staff serve Clotilde
      And 11 minutes pass
      And staff complete Clotilde
      And 11 minutes pass
      And Dragomir joins the waitlist
      And staff serve Dragomir
      And staff complete Dragomir
      Then the effects on Clotilde equal those on Dragomir
      And no answer is a server error
      And the receiver has Clotilde's visit as "COMPLETE"

      Examples:
        | time |
        | 1ms  |
        | 30ms |
