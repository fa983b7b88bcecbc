using CsCheck;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Store;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Tests;
using Kehrwerk.Link.Transport;
using Xunit;

namespace Kehrwerk.Centre.Tests.Fleet;

/// <summary>Messages of a vehicle that is broken or hostile, in the middle of a shift: its own twin copes, and no other notices.</summary>
public sealed class HostileMessageTests
{
    // What a twin keeps of foreign text: short names, a few of them, whatever comes in.
    private const int LongestMemory = 64 * 1024;

    [Fact]
    public void Whatever_a_vehicle_says_the_centre_goes_on_and_the_other_vehicle_sweeps_its_kerb()
    {
        var kerbs = (Own: GridTown.KerbBetween(1, 2).Id, Other: GridTown.KerbBetween(2, 3).Id);
        Hostile().Array[1, 4].Sample(
            hits =>
            {
                var shift = new TestShift(vehicles: 2).Sweep([kerbs.Own], [kerbs.Other]);
                shift.RunMinutes(0.5);
                foreach (var (topic, payload) in hits)
                {
                    shift.Vehicle.Client.PublishAsync(new LinkMessage(Topics.Default.Of(shift.Vehicle.Id, topic), payload)).AsTask().GetAwaiter().GetResult();
                    shift.RunMinutes(0.1);
                }

                shift.RunMinutes(20);
                var twin = shift.Twin;
                var memory = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(TwinMemory.Of(twin), StoreJson.Default.TwinMemory);
                Assert.InRange(memory.Length, 1, LongestMemory);
                Assert.NotNull(TwinView.Of(twin, GridTown.Context));
                Assert.Contains(kerbs.Other, shift.SweptKerbs);
                Assert.All(shift.Centre.Notes, note => Assert.InRange(note.Text.Length, 0, 4_000));
            },
            iter: 40);
    }

    private static Gen<(LinkTopic Topic, byte[] Payload)> Hostile()
    {
        var shift = new TestShift().Sweep([GridTown.KerbBetween(1, 2).Id]);
        shift.RunMinutes(0.6);
        var (id, at) = (shift.Vehicle.Id, shift.Loop.Now);
        var state = shift.LastState!;
        var busy = state with
        {
            HeaderId = state.HeaderId + 100,
            Timestamp = at,
            Errors = [new("wayBlocked", ErrorLevel.Urgent, "Something lies on the way") { ErrorReferences = [new("edgeId", "e1")] }],
            EdgeRequests = [new("r1", EdgeRequestType.Corridor, "e1", 3, RequestStatus.Requested)],
            ZoneSets = [new("z1", "m1", StoredStatus.Enabled)],
        };
        return Gen.OneOf(
            HostileJson.Of(LinkJson.Serialize(busy), LinkJson.Serialize(state with { HeaderId = state.HeaderId + 200, Timestamp = at })).Select(json => (LinkTopic.State, json)),
            HostileJson.Of(LinkJson.Serialize(new Connection { HeaderId = 9, Timestamp = at, Vehicle = id, ConnectionState = ConnectionState.Online })).Select(json => (LinkTopic.Connection, json)),
            HostileJson.Of(LinkJson.Serialize(new SafetyReport
            {
                HeaderId = 9,
                Timestamp = at,
                Vehicle = id,
                Mode = SafetyMode.Mrm,
                Epoch = 1,
                MrcId = "m-1",
                Cause = MrcCause.LeaseLost,
                LeaseTimeoutS = 3,
                LeaseRefusal = "the map differs",
                Announcements = [Announcement.MinimalRiskManoeuvre],
                Map = new(GridTown.City.Fingerprint, "EPSG:25832"),
                EventsWaiting = 1,
            })).Select(json => (LinkTopic.Safety, json)),
            HostileJson.Of(LinkJson.Serialize(new EventMessage
            {
                HeaderId = 9,
                Timestamp = at,
                Vehicle = id,
                EventId = "S1-1",
                Content = "{\"eventId\":\"S1-1\"}",
                Sha256 = EventMessage.HashOf("{\"eventId\":\"S1-1\"}"),
            })).Select(json => (LinkTopic.Events, json)));
    }
}
