using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Transport;
using Kehrwerk.Sweeper.Orders;
using Kehrwerk.Sweeper.Reports;

namespace Kehrwerk.Sweeper;

/// <summary>What becomes of a message that came in: taken, refused, or not heard.</summary>
public sealed partial class SweeperProgram
{
    private void TakeIn(LinkMessage message, LinkTopic topic)
    {
        switch (topic)
        {
            case LinkTopic.Order:
                Take<Order>(message, topic, TakeOrder);
                break;
            case LinkTopic.InstantActions:
                Take<InstantActions>(message, topic, TakeInstantActions);
                break;
            case LinkTopic.ZoneSet:
                Take<ZoneSet>(message, topic, set => vehicle.ZoneSets.Take(set.Content));
                break;
            case LinkTopic.Responses:
                Take<Responses>(message, topic, answers =>
                {
                    foreach (var answer in answers.Items)
                    {
                        vehicle.Requests.Take(answer, answers.Timestamp, guard?.HeldUp(answers.Timestamp) ?? default);
                    }
                });
                break;
            case LinkTopic.Supervision:
                Take<Supervision>(message, topic, TakeLease);
                break;
            case LinkTopic.EventReceipts:
                Take<EventReceipts>(message, topic, receipts => guard?.Take(receipts));
                break;
            default:
                // Its own words: the broker gives them to whoever listens to all.
                break;
        }
    }

    /// <summary>A hibernating vehicle does nothing but what wakes it (table 4); a stop it keeps in silence, and wakes stopped.</summary>
    private void WakeBy(LinkMessage message, LinkTopic topic)
    {
        if (topic != LinkTopic.InstantActions || LinkJson.Read<InstantActions>(message.Payload.Span) is not { IsOk: true } read || read.Message.Vehicle != Id)
        {
            return;
        }

        foreach (var action in read.Message.Actions)
        {
            heard = heard.With(action, read.Message);
            if (action.ActionType is SweeperActions.Deactivate or SweeperActions.StartPause)
            {
                vehicle.Take(action);
            }
            else if (action.ActionType == SweeperActions.StopHibernation)
            {
                vehicle.Control.Wake(action);
                news.Note();
            }
        }
    }

    private void Take<T>(LinkMessage message, LinkTopic topic, Action<T> take)
        where T : VdaMessage
    {
        var read = LinkJson.Read<T>(message.Payload.Span);
        if (!read.IsOk)
        {
            Refuse($"A message on topic {message.Topic} cannot be read. {read.Error}", topic, message);
        }
        else if (read.Message.Vehicle != Id)
        {
            Refuse($"A message on topic {message.Topic} is for vehicle {read.Message.Vehicle}", topic, message);
        }
        else
        {
            take(read.Message);
        }
    }

    private void TakeLease(Supervision lease)
    {
        var wasHolding = guard is { IsHolding: true };
        guard?.Take(lease, vehicle);
        if (wasHolding)
        {
            ClearIfAvailable();
        }
    }

    private void TakeOrder(Order order)
    {
        var refusal = order.OrderId == vehicle.Book.OrderId ? null : heard.Refusal(order);
        heard = heard.With(order);
        if (refusal is not null)
        {
            Refuse(order, refusal.ToError(order));
            return;
        }

        var verdict = rules.Judge(vehicle.Book, order, vehicle.Standing);
        if (verdict is OrderVerdict.Started or OrderVerdict.Extended && guard?.Refusal(order) is { } unsupervised)
        {
            verdict = OrderRules.NotNow(order, unsupervised);
        }

        switch (verdict)
        {
            case OrderVerdict.Refused refused:
                Refuse(order, refused.Error);
                break;
            case OrderVerdict.Started started:
                vehicle.Take(order, started);
                Taken(order);
                break;
            case OrderVerdict.Extended extended:
                vehicle.Take(order, extended);
                Taken(order);
                break;
        }
    }

    private void Refuse(Order order, RobotError error)
    {
        errors.Add(error, error.ErrorType == ErrorTypes.MobileRobotNotAvailable ? ErrorLife.Available : ErrorLife.NextOrder);
        vehicle.Journal.Add(errors.Now, $"order {order.OrderId}/{order.OrderUpdateId} refused: {error.ErrorType} {error.ErrorDescription}");
        news.Note();
    }

    private void Taken(Order order)
    {
        errors.Clear(ErrorLife.NextOrder);
        vehicle.Journal.Add(errors.Now, $"order {order.OrderId}/{order.OrderUpdateId} taken");
        news.Note();
    }

    private void TakeInstantActions(InstantActions message)
    {
        var desk = vehicle.Desk;
        foreach (var action in message.Actions)
        {
            vehicle.Journal.Add(errors.Now, $"instant action {action.ActionType} {action.ActionId}");
            if (heard.IsOvertaken(action, message))
            {
                desk.RefuseOvertaken(action);
                continue;
            }

            heard = heard.With(action, message);
            vehicle.Take(action);
            if (action.ActionType == SweeperActions.EndMrc && desk.IsCancelling)
            {
                heard = heard.WithCancelled(vehicle.Book.OrderId);
            }
        }

        ClearIfAvailable();
        news.Note();
        if (desk.WantsFactsheet)
        {
            desk.WantsFactsheet = false;
            outbox.Add(LinkTopic.Factsheet, SweeperFactsheet.Of(Id, vehicle.Model, guard is not null, new(gridStep!.Value * StepTicks, TimeSpan.Zero)));
        }
    }

    private void Refuse(string text)
    {
        errors.Add(new(ErrorTypes.ValidationFailure, ErrorLevel.Warning, text));
        news.Note();
    }

    /// <summary>Refuses a whole message; an order's ids are named where they can be found in it.</summary>
    private void Refuse(string text, LinkTopic topic, LinkMessage message)
    {
        var ids = topic == LinkTopic.Order ? OrderIds.Find(message.Payload.Span) : default;
        errors.Add(new(ErrorTypes.ValidationFailure, ErrorLevel.Warning, text)
        {
            ErrorReferences =
            [
                .. ids.OrderId is { } order ? new[] { new Reference("orderId", order) } : [],
                .. ids.UpdateText is { } update ? new[] { new Reference("orderUpdateId", update) } : [],
                new("topic", message.Topic[(message.Topic.LastIndexOf('/') + 1)..]),
            ],
        });
        vehicle.Journal.Add(errors.Now, text);
        news.Note();
    }
}
