using System.Collections.Immutable;

namespace Kehrwerk.Centre.Access.Duty;

/// <summary>What an event does to the duty book: pure.</summary>
public static class DutyDecisions
{
    public static DutyDecision Decide(DutyBook book, DutyEvent happened, DateTimeOffset now, DutyRules rules) => happened switch
    {
        DutyEvent.SignOn on => SignOn(book, on, now, rules),
        DutyEvent.Take take => book.Of(take.Person) is not { } duty ? Refuse(book, DutyProblem.NotOnDuty)
            : take.Vehicles.IsEmpty ? Refuse(book, DutyProblem.NothingChosen)
            : Give(book, duty, take.Vehicles, [], "vehiclesTaken", now, rules),
        DutyEvent.Leave leave => Leave(book, leave, now),
        DutyEvent.SignOff off => SignOff(book, off),
        DutyEvent.Offer offer => Offer(book, offer, now),
        DutyEvent.Accept accept => Accept(book, accept, now, rules),
        DutyEvent.Decline decline => Decline(book, decline),
        DutyEvent.Screen screen => book.Of(screen.Person) is { } duty ? Only(With(book, duty with { ScreenAt = now })) : Only(book),
        DutyEvent.Input input => book.Of(input.Person) is { } duty ? Input(book, duty, now) : Only(book),
        DutyEvent.Tick tick => Tick(book, tick, now, rules),
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "an event that the duty book does not know"),
    };

    private static DutyDecision SignOn(DutyBook book, DutyEvent.SignOn on, DateTimeOffset now, DutyRules rules)
    {
        if (book.Of(on.Person) is not null)
        {
            return Refuse(book, DutyProblem.AlreadyOnDuty);
        }

        var duty = new OnDuty(on.Person, now, [], null, now);
        return Give(With(book, duty), duty, on.Vehicles, [new("dutyBegan", on.Person, $"with {Text(on.Vehicles)}")], "vehiclesTaken", now, rules, refused: book);
    }

    /// <summary>Gives vehicles that nobody has, or whose supervisor counts as absent.</summary>
    private static DutyDecision Give(
        DutyBook book, OnDuty to, ImmutableSortedSet<string> vehicles, ImmutableArray<DutyNote> before, string kind, DateTimeOffset now, DutyRules rules, DutyBook? refused = null)
    {
        var notes = before.ToBuilder();
        var others = book.People.Values.Where(other => other.Person != to.Person && other.Vehicles.Overlaps(vehicles)).ToList();
        if (others.Exists(other => other.Presence != DutyPresence.Absent))
        {
            return Refuse(refused ?? book, DutyProblem.HeldByOther);
        }

        if (to.Vehicles.Union(vehicles).Count > rules.MaxVehiclesPerSupervisor)
        {
            return Refuse(refused ?? book, DutyProblem.TooMany);
        }

        foreach (var absent in others)
        {
            book = Without(book, absent, vehicles);
            notes.Add(new("takenFromAbsent", to.Person, $"{Text(absent.Vehicles.Intersect(vehicles))} from {absent.Person}"));
        }

        return Moved(book, to, vehicles, notes, before.IsEmpty ? kind : null, now, rules);
    }

    private static DutyDecision Moved(
        DutyBook book, OnDuty to, ImmutableSortedSet<string> vehicles, ImmutableArray<DutyNote>.Builder notes, string? kind, DateTimeOffset now, DutyRules rules)
    {
        var had = to.Vehicles.Count;
        to = to with { Vehicles = to.Vehicles.Union(vehicles), InputAt = now, Presence = DutyPresence.Present };
        if (kind is not null)
        {
            notes.Add(new(kind, to.Person, Text(vehicles)));
        }

        if (to.Vehicles.Count > rules.VehiclesPerSupervisor && had <= rules.VehiclesPerSupervisor)
        {
            notes.Add(new("dutyRatioExceeded", to.Person, $"{to.Vehicles.Count} vehicles, more than {rules.VehiclesPerSupervisor}"));
        }

        return new(With(book, to), notes.ToImmutable());
    }

    private static DutyDecision Leave(DutyBook book, DutyEvent.Leave leave, DateTimeOffset now) =>
        book.Of(leave.Person) is not { } duty ? Refuse(book, DutyProblem.NotOnDuty)
        : leave.Vehicles.IsEmpty ? Refuse(book, DutyProblem.NothingChosen)
        : !duty.Vehicles.IsSupersetOf(leave.Vehicles) ? Refuse(book, DutyProblem.NotHeld)
        : !leave.Confirmed ? Refuse(book, DutyProblem.NotConfirmed)
        : new(Without(book, duty with { InputAt = now }, leave.Vehicles), [new("vehiclesLeft", leave.Person, $"nobody supervises {Text(leave.Vehicles)}")]);

    private static DutyDecision SignOff(DutyBook book, DutyEvent.SignOff off)
    {
        if (book.Of(off.Person) is not { } duty)
        {
            return Refuse(book, DutyProblem.NotOnDuty);
        }

        return duty.Vehicles.Count > 0 && !off.Confirmed
            ? Refuse(book, DutyProblem.NotConfirmed)
            : new(
                Without(book, duty, duty.Vehicles) with { People = book.People.Remove(off.Person) },
                [new("dutyEnded", off.Person, duty.Vehicles.IsEmpty ? "" : $"nobody supervises {Text(duty.Vehicles)}")]);
    }

    private static DutyDecision Offer(DutyBook book, DutyEvent.Offer offer, DateTimeOffset now) =>
        book.Of(offer.From) is not { } duty ? Refuse(book, DutyProblem.NotOnDuty)
        : offer.From == offer.To ? Refuse(book, DutyProblem.SuccessorIsSelf)
        : offer.Vehicles.IsEmpty ? Refuse(book, DutyProblem.NothingChosen)
        : !duty.Vehicles.IsSupersetOf(offer.Vehicles) ? Refuse(book, DutyProblem.NotHeld)
        : new(
            With(book, duty with { InputAt = now, Presence = DutyPresence.Present }) with
            {
                // A vehicle is offered to one person at a time; the newest offer holds.
                Offers = Cut(book.Offers, offer.From, offer.Vehicles).Add(new(offer.Id, offer.From, offer.To, offer.Vehicles, offer.Text, now)),
            },
            [new("handOverOffered", offer.From, $"{offer.Id}: {Text(offer.Vehicles)} to {offer.To}")]);

    private static DutyDecision Accept(DutyBook book, DutyEvent.Accept accept, DateTimeOffset now, DutyRules rules)
    {
        if (book.Offers.FirstOrDefault(o => o.Id == accept.Id && o.To == accept.By) is not { } offer || book.Of(offer.From) is not { } from || !from.Vehicles.IsSupersetOf(offer.Vehicles))
        {
            return Refuse(book, DutyProblem.OfferGone);
        }

        if (book.Of(accept.By) is not { } to)
        {
            return Refuse(book, DutyProblem.NotOnDuty);
        }

        if (to.Vehicles.Count + offer.Vehicles.Count > rules.MaxVehiclesPerSupervisor)
        {
            return Refuse(book, DutyProblem.TooMany);
        }

        var notes = ImmutableArray.CreateBuilder<DutyNote>();
        notes.Add(new("handOverAccepted", accept.By, $"{offer.Id}: {Text(offer.Vehicles)} from {offer.From}"));
        return Moved(Without(book, from, offer.Vehicles), to, offer.Vehicles, notes, null, now, rules) with { Accepted = offer };
    }

    private static DutyDecision Decline(DutyBook book, DutyEvent.Decline decline) =>
        book.Offers.FirstOrDefault(o => o.Id == decline.Id && (o.To == decline.By || o.From == decline.By)) is not { } offer
            ? Refuse(book, DutyProblem.OfferGone)
            : new(book with { Offers = book.Offers.Remove(offer) }, [new(offer.To == decline.By ? "handOverDeclined" : "handOverWithdrawn", decline.By, offer.Id)]);

    private static DutyDecision Input(DutyBook book, OnDuty duty, DateTimeOffset now) => new(
        With(book, duty with { InputAt = now, Presence = DutyPresence.Present }),
        duty.Presence == DutyPresence.Absent ? [new("dutyBack", duty.Person, $"with {Text(duty.Vehicles)}")] : []);

    private static DutyDecision Tick(DutyBook book, DutyEvent.Tick tick, DateTimeOffset now, DutyRules rules)
    {
        var notes = ImmutableArray.CreateBuilder<DutyNote>();
        foreach (var duty in book.People.Values)
        {
            var unqualified = tick.Unqualified.GetValueOrDefault(duty.Person, "");
            if (unqualified != duty.Unqualified)
            {
                notes.Add(unqualified.Length > 0
                    ? new("dutySuspended", duty.Person, $"{unqualified}; nobody supervises {Text(duty.Vehicles)}")
                    : new("dutyResumed", duty.Person, "the qualifications are valid again"));
            }

            var presence = PresenceOf(duty, tick, now, rules);
            if (presence > duty.Presence)
            {
                notes.Add(presence == DutyPresence.Absent
                    ? new("dutyAbsent", duty.Person, $"no input for {rules.AbsentAfter.TotalSeconds:0} s while something waits; nobody supervises {Text(duty.Vehicles)}")
                    : new("dutyNoInput", duty.Person, $"no input for {rules.InputWithin.TotalSeconds:0} s while something waits"));
            }

            if (unqualified != duty.Unqualified || presence != duty.Presence)
            {
                book = With(book, duty with { Unqualified = unqualified, Presence = presence });
            }
        }

        return new(book, notes.ToImmutable());
    }

    /// <summary>Whoever counts as absent stays so until an input; who did not react only as long as something waits.</summary>
    private static DutyPresence PresenceOf(OnDuty duty, DutyEvent.Tick tick, DateTimeOffset now, DutyRules rules)
    {
        if (duty.Presence == DutyPresence.Absent)
        {
            return DutyPresence.Absent;
        }

        var waits = duty.Vehicles.Where(tick.WaitsSince.ContainsKey).Select(vehicle => tick.WaitsSince[vehicle]).ToList();
        if (waits.Count == 0)
        {
            return DutyPresence.Present;
        }

        var without = now - (waits.Min() > duty.InputAt ? waits.Min() : duty.InputAt);
        return without >= rules.AbsentAfter ? DutyPresence.Absent : without >= rules.InputWithin ? DutyPresence.NoInput : DutyPresence.Present;
    }

    private static DutyBook With(DutyBook book, OnDuty duty) => book with { People = book.People.SetItem(duty.Person, duty) };

    /// <summary>Takes vehicles from a person, and out of what that person offers.</summary>
    private static DutyBook Without(DutyBook book, OnDuty duty, ImmutableSortedSet<string> vehicles) =>
        With(book, duty with { Vehicles = duty.Vehicles.Except(vehicles) }) with { Offers = Cut(book.Offers, duty.Person, vehicles) };

    private static ImmutableArray<HandOver> Cut(ImmutableArray<HandOver> offers, string from, ImmutableSortedSet<string> vehicles) =>
    [
        .. offers
            .Select(offer => offer.From == from ? offer with { Vehicles = offer.Vehicles.Except(vehicles) } : offer)
            .Where(offer => offer.Vehicles.Count > 0),
    ];

    private static DutyDecision Only(DutyBook book) => new(book, []);

    private static DutyDecision Refuse(DutyBook book, DutyProblem problem) => new(book, [], problem);

    private static string Text(ImmutableSortedSet<string> vehicles) => vehicles.IsEmpty ? "no vehicle" : string.Join(", ", vehicles);
}
