using System.Collections.Immutable;
using CsCheck;
using Kehrwerk.Centre.Cases;
using Xunit;

namespace Kehrwerk.Centre.Tests.Cases;

/// <summary>Whatever conditions come and go, whatever persons do and whenever the Centre starts again.</summary>
public sealed class CasePropertyTests
{
    private static readonly string[] Places = ["test/T-1", "test/T-2", "test/T-3", CasePlace.Centre, CasePlace.Weather];
    private static readonly string[] People = ["Ada", "Bea"];

    [Fact]
    public void No_case_is_doubled_lost_or_shown_beside_its_cause_and_each_escalates_at_its_time() =>
        Gen.Int[0, 1_000_000].Sample(seed => new Shift(seed).Run(), iter: 15, threads: 1);

    private sealed class Shift(int seed)
    {
        private readonly Random chance = new(seed);
        private readonly Dictionary<long, Case> all = [];
        private readonly Dictionary<string, ImmutableArray<CaseSignal>> holds = Places.ToDictionary(place => place, _ => ImmutableArray<CaseSignal>.Empty);
        private CaseBook book = CaseBook.Empty;
        private DateTimeOffset now = new(2026, 3, 2, 5, 0, 0, TimeSpan.Zero);

        public void Run()
        {
            for (var i = 0; i < 1500; i++)
            {
                switch (chance.Next(12))
                {
                    case 0 or 1:
                        See(Places[chance.Next(Places.Length)]);
                        break;
                    case 2 or 3:
                        Act();
                        break;
                    case 4 when chance.Next(20) == 0:
                        book = CaseBook.Restore(all.Values.Where(one => one.IsKept), all.Keys.DefaultIfEmpty().Max() + 1);
                        break;
                    default:
                        now = now.AddSeconds(chance.Next(20) == 0 ? 300 : 1);
                        Happen(new CaseEvent.Ticked());
                        break;
                }
            }

            // Everything is well again, and somebody looks after what is left.
            foreach (var place in Places)
            {
                holds[place] = [];
                Happen(new CaseEvent.Seen(place, true, []));
            }

            for (var i = 0; i < 40; i++)
            {
                now = now.AddMinutes(1);
                Happen(new CaseEvent.Ticked());
                foreach (var one in book.Open.ToList())
                {
                    if (one.Owner is not null and not "Ada")
                    {
                        Order(new(CaseOrderKind.Take, one.Id, one.Version, "Ada") { Text = "I finish this" });
                    }
                    else if (one.GoneAt is not null || !one.Rule.HasCondition)
                    {
                        Order(new(CaseOrderKind.Close, one.Id, one.Version, "Ada") { Text = "over" });
                    }
                }
            }

            Assert.Empty(book.Cases);
            Assert.All(all.Values, one => Assert.NotNull(one.ClosedAt));
        }

        private void See(string place)
        {
            var kinds = Enum.GetValues<CaseKind>().Where(kind => (kind == CaseKind.WireDown) == (place == CasePlace.Centre) && (kind == CaseKind.WeatherLimit) == (place == CasePlace.Weather)
                && kind is not (CaseKind.Reported or CaseKind.DepotQueue)).ToArray();
            var signal = new CaseSignal(
                kinds[chance.Next(kinds.Length)], chance.Next(2) == 0 ? "a" : "b", chance.Next(3) == 0 ? Places[chance.Next(3)] : null);
            holds[place] = chance.Next(3) switch
            {
                0 => [],
                1 => [.. holds[place].Where(s => s.Kind != signal.Kind), signal],
                _ => [.. holds[place].Where(s => s.Kind != signal.Kind)],
            };
            Happen(new CaseEvent.Seen(place, chance.Next(5) > 0, holds[place]));
        }

        private void Act()
        {
            var person = People[chance.Next(2)];
            var open = book.Open.ToList();
            if (open.Count == 0 || chance.Next(10) == 0)
            {
                Order(new(CaseOrderKind.Report, 0, 0, person) { Text = "a call", Place = chance.Next(2) == 0 ? Places[chance.Next(3)] : "" });
                return;
            }

            var one = open[chance.Next(open.Count)];
            if (chance.Next(6) == 0)
            {
                Happen(new CaseEvent.Acted(new(one.Place, (CaseAction)chance.Next(6), person)));
                return;
            }

            var version = one.Version - (chance.Next(5) == 0 ? 1 : 0);
            var before = book;
            var refusal = Order(new((CaseOrderKind)chance.Next(6), one.Id, version, person)
            {
                Text = chance.Next(4) == 0 ? "" : "because",
                To = chance.Next(2) == 0 ? "" : People[chance.Next(2)],
                Action = one.Rule.Actions[chance.Next(one.Rule.Actions.Length)],
                ForMin = chance.Next(30),
            });
            Assert.Equal(version != one.Version, refusal?.Code == CaseRefusalCode.Overtaken);
            if (refusal is not null)
            {
                Assert.Equal(before.Cases[one.Id], book.Cases[one.Id]);
            }
        }

        private CaseRefusal? Order(CaseOrder order) => Happen(new CaseEvent.Ordered(order)).Refusal;

        private CaseDecided Happen(CaseEvent happened)
        {
            var before = book;
            var decided = book.Decide(happened, now);
            book = decided.Book;
            foreach (var one in decided.Changed)
            {
                Check(before, one, all.GetValueOrDefault(one.Id));
                all[one.Id] = one;
            }

            Assert.Equal(decided.Record.Length > 0, decided.Changed.Any(one => before.Cases.GetValueOrDefault(one.Id)?.History.Length != one.History.Length || one.History.Length == Case.MaxHistory));
            CheckBook();
            return decided;
        }

        /// <summary>Each change follows from the one before, and nothing closed is opened.</summary>
        private void Check(CaseBook before, Case one, Case? last)
        {
            if (last is null)
            {
                Assert.True(before.NextId <= one.Id, $"{one.Id} was used before");
                if (one.Rule.HasCondition)
                {
                    Assert.True(now - one.BegunAt >= TimeSpan.FromSeconds(one.Rule.OnS), $"{one.Kind} was raised after {now - one.BegunAt}");
                }

                Assert.Null(before.Cases.Values.FirstOrDefault(cause => cause.Hides && cause.Place == one.Place && one.Rule.SuppressedBy.Contains(cause.Kind)
                    && book.Cases.GetValueOrDefault(cause.Id) is { Hides: true }));
                return;
            }

            Assert.True(last.IsOpen || !one.IsOpen, $"case {one.Id} was closed and is open again");
            Assert.True(one.Version >= last.Version);
            if (one.Level > last.Level)
            {
                Assert.True(last.Due <= now && one.Level == last.Level + 1, $"case {one.Id} escalated before its time");
            }

            if (last.IsOpen && !one.IsOpen)
            {
                // Whoever needs a person had one, or goes on elsewhere.
                Assert.True(one.ClosedAt == now && (one.DecidedAt is not null || one.MergedInto is not null || !one.Rule.NeedsPerson));
                Assert.True(one.MergedInto is not { } into || before.Cases.ContainsKey(into) || book.Cases.ContainsKey(into));
            }
        }

        private void CheckBook()
        {
            var open = book.Open.ToList();
            Assert.DoesNotContain(open.Where(one => one.Place != CasePlace.Outside).GroupBy(one => (one.Kind, one.Place)), same => same.Count() > 1);
            Assert.Equal(all.Values.Where(one => one.IsOpen).Select(one => one.Id).Order(), open.Select(one => one.Id));
            foreach (var one in open)
            {
                Assert.True(one.Due is null || one.Due > now, $"case {one.Id} is due since {now - one.Due}");
                Assert.Equal(one.State is CaseState.Owned || (one.State == CaseState.Decided), one.Owner is not null);
                Assert.True(one.State != CaseState.Shelved || (one.ShelvedUntil > now && one.Rule.MayBeShelved));
                if (one.Owner is null)
                {
                    Assert.DoesNotContain(open, cause => cause.Hides && one.Rule.SuppressedBy.Contains(cause.Kind) && (cause.Place == one.Place || cause.Place == CasePlace.Centre));
                }
            }
        }
    }
}
