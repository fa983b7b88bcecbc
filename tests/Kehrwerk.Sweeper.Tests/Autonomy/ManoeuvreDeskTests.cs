using Kehrwerk.Link.Messages;
using Kehrwerk.Sweeper.Driving.Autonomy;
using Kehrwerk.Sweeper.Reports;
using Kehrwerk.Sweeper.Requests;
using Xunit;

namespace Kehrwerk.Sweeper.Tests.Autonomy;

/// <summary>Safety profile, SP-MAN: a grant releases one manoeuvre once, and not longer than it lasts.</summary>
public sealed class ManoeuvreDeskTests
{
    private static readonly DateTimeOffset Begin = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly RequestDesk requests = new(new News());
    private readonly ManoeuvreDesk desk;
    private readonly PilotState state = new() { Proposals = [Proposed(1), Proposed(2)] };

    public ManoeuvreDeskTests()
    {
        desk = new(requests, new News());
        requests.Tick(Begin);
        Look();
    }

    [Fact]
    public void What_was_refused_ends_says_why_and_is_not_released_again()
    {
        Answer(0, GrantType.Granted);
        Answer(1, GrantType.Granted);
        Look();
        Assert.Equal(1, desk.Released);

        (state.Refused, state.RefusedBecause) = (1, "Somebody comes.");
        Look();
        Assert.Equal(RequestStatus.Expired, desk.EdgeRequests.First().RequestStatus);
        var told = Assert.Single(desk.Information, info => info.InfoType == ManoeuvreDesk.ManoeuvreRefused);
        Assert.Equal("Somebody comes.", told.InfoDescriptor);
        Assert.Contains(told.InfoReferences, reference => reference.ReferenceValue == desk.EdgeRequests.First().RequestId);
        Assert.Equal(2, desk.Released);

        state.Refused = 2;
        for (var i = 0; i < 5; i++)
        {
            Look();
            Assert.Equal(0, desk.Released);
        }

        Assert.Equal(2, desk.ReleasedCount);
        Assert.All(desk.EdgeRequests, request => Assert.Equal(RequestStatus.Expired, request.RequestStatus));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_release_lasts_while_it_is_driven_and_ends_with_its_grant(bool isRevoked)
    {
        Answer(0, GrantType.Granted);
        Look();
        state.Manoeuvre = 1;
        for (var i = 0; i < 5; i++)
        {
            Look();
            Assert.Equal(1, desk.Released);
        }

        if (isRevoked)
        {
            Answer(0, GrantType.Revoked);
        }
        else
        {
            requests.Tick(Begin.AddSeconds(31));
        }

        Look();
        Assert.Equal(0, desk.Released);
        state.Manoeuvre = 0;
        Answer(0, GrantType.Granted);
        Look();
        Assert.Equal(0, desk.Released);
        Assert.Equal(isRevoked ? RequestStatus.Revoked : RequestStatus.Expired, desk.EdgeRequests.First().RequestStatus);
    }

    [Fact]
    public void What_the_pilot_gave_up_is_not_released_by_the_same_grant()
    {
        Answer(0, GrantType.Granted);
        Look();
        state.Manoeuvre = 1;
        Look();
        state.Manoeuvre = 0;

        Look();
        Look();

        Assert.Equal(0, desk.Released);
        Assert.Equal(RequestStatus.Expired, desk.EdgeRequests.First().RequestStatus);
    }

    [Fact]
    public void The_stages_of_a_manoeuvre_are_told_to_its_end_and_forgotten_after_a_minute()
    {
        Assert.Equal([ManoeuvreStage.Proposed, ManoeuvreStage.Proposed], desk.Manoeuvres.Select(one => one.Stage));
        Answer(0, GrantType.Granted);
        Look();
        Assert.Equal(ManoeuvreStage.Released, desk.Manoeuvres[0].Stage);
        state.Manoeuvre = 1;
        Look();
        Assert.Equal(ManoeuvreStage.Driving, desk.Manoeuvres[0].Stage);
        var stages = desk.Stages;

        // Driven to its end: the pilot proposes nothing any more.
        (state.Manoeuvre, state.Done, state.Proposals) = (0, 1, []);
        Look();
        Assert.Equal([ManoeuvreStage.Done], desk.Manoeuvres.Select(one => one.Stage));
        Assert.NotEqual(stages, desk.Stages);
        for (var i = 0; i < 602; i++)
        {
            Look();
        }

        Assert.Empty(desk.Manoeuvres);
        Assert.False(desk.IsAsking);
    }

    [Fact]
    public void A_manoeuvre_that_was_given_up_is_told_as_stopped_and_one_that_was_refused_with_its_reason()
    {
        Answer(0, GrantType.Granted);
        Look();
        (state.Refused, state.RefusedBecause) = (1, "Somebody comes.");
        Look();
        Assert.Equal((ManoeuvreStage.Refused, "Somebody comes."), (desk.Manoeuvres[0].Stage, desk.Manoeuvres[0].Refusal));

        Answer(1, GrantType.Granted);
        Look();
        state.Manoeuvre = 2;
        Look();
        (state.Manoeuvre, state.Proposals) = (0, []);
        Look();
        Assert.Equal([ManoeuvreStage.Refused, ManoeuvreStage.Stopped], desk.Manoeuvres.Select(one => one.Stage));
    }

    [Fact]
    public void What_is_proposed_before_an_edge_is_known_is_asked_for_when_it_is()
    {
        state.Proposals = [Proposed(3)];
        desk.Look(state, null, 0.1);
        Assert.Empty(desk.EdgeRequests);

        Look();

        var request = Assert.Single(desk.EdgeRequests);
        Assert.Equal(("edge", 3u, RequestStatus.Requested), (request.EdgeId, request.SequenceId, request.RequestStatus));
    }

    private static Proposal Proposed(int id) => new(id, ManoeuvreKind.CrossLine, 0, 10, 20, [0, 1, 2], 0.5, "Cross the line", "Truck");

    private void Look() => desk.Look(state, ("edge", 3), 0.1);

    private void Answer(int i, GrantType grant) =>
        requests.Take(new(desk.EdgeRequests.ElementAt(i).RequestId, grant, grant == GrantType.Granted ? Begin.AddSeconds(30) : null), Begin);
}
