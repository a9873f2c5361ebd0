// Revenue and open balance per order
fromCategory('order')
  .foreachStream()
  .when({
    $init: function () {
      return { total: 0, paid: 0, refunded: 0, status: 'new' };
    },
    OrderPlaced: function (s, e) {
      s.total = e.data.total;
      s.status = 'placed';
    },
    DiscountApplied: function (s, e) {
      s.total -= e.data.amount;
    },
    PaymentReceived: function (s, e) {
      s.paid += e.data.amount;
      s.status = 'paid';
    },
    RefundIssued: function (s, e) {
      s.refunded += e.data.amount;
    },
    Shipped: (s) => { s.status = 'shipped'; },
    Delivered: (s) => { s.status = 'delivered'; }
  })
  .transformBy(function (s) {
    s.balance = s.total - s.paid + s.refunded;
    return s;
  })
  .outputState();
