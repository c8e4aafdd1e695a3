//! What a picture of the traffic shows: orders and check-ins by the hour, how long payments and approvals
//! take, the prices of orders, how they are paid, and their statuses.

use super::act::Act;
use super::triggers::Trigger;
use crate::model::Figure;
use crate::model::figure::Reading::{Moment, Number, Since, Word};
use crate::model::figure::{Axis, Series, Unit};

const CREATED: &[&str] = &[Trigger::OrderCreated.name()];
const UPDATED: &[&str] = &[Trigger::OrderUpdated.name()];
const ORDERS: &[&str] = &[
    Trigger::OrderCreated.name(),
    Trigger::OrderUpdated.name(),
    Trigger::OrderCancelled.name(),
    Trigger::OrderRemoved.name(),
];

const BOOKED_AT: &str = "/order_details/payment/booking_date";
const METHOD: &str = "/order_details/payment/method";

/// The figures.
pub const FIGURES: &[Figure] = &[
    Figure {
        title: "Orders",
        about: "placed an hour, by local hour",
        axis: Axis::Hours,
        series: &[Series::of("orders", CREATED, Moment)],
    },
    Figure {
        title: "Check-ins",
        about: "an hour, by local hour",
        axis: Axis::Hours,
        series: &[Series::of("check-ins", UPDATED, Moment).by(&[Act::CheckIn.name()])],
    },
    Figure {
        title: "Waits",
        about: "from the order until it is paid or approved",
        axis: Axis::Ranges(Unit::Days),
        series: &[
            Series::of("paid", UPDATED, Since(BOOKED_AT)).by(&[Act::Pay.name()]),
            Series::of("approved", UPDATED, Since(BOOKED_AT)).by(&[Act::Approve.name()]),
        ],
    },
    Figure {
        title: "Prices",
        about: "amounts of new orders that are not free",
        axis: Axis::Ranges(Unit::Whole),
        series: &[Series::of("orders", CREATED, Number("/order_details/payment/amount"))
            .with(&[(METHOD, &["bank_transfer", "credit_card", "paypal"])])],
    },
    Figure {
        title: "Ways to pay",
        about: "of new orders",
        axis: Axis::Words,
        series: &[Series::of("orders", CREATED, Word(METHOD))],
    },
    Figure {
        title: "Statuses",
        about: "of orders, by webhook",
        axis: Axis::Words,
        series: &[Series::of("webhooks", ORDERS, Word("/order_details/status"))],
    },
    Figure {
        title: "Payments",
        about: "of new orders, by status",
        axis: Axis::Words,
        series: &[Series::of("orders", CREATED, Word("/order_details/payment/status"))],
    },
];
