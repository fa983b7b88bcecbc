using System.Net;
using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Upkeep;
using Microsoft.Extensions.DependencyInjection;
using static Kehrwerk.Tests.Access.RunningPages;

namespace Kehrwerk.Tests.Access;

/// <summary>Checks of vehicles over the running pages.</summary>
public sealed class UpkeepPagesTests(RunningPages pages) : IClassFixture<RunningPages>
{
    [Fact]
    public async Task A_departure_check_is_filled_in_signed_and_proven_and_a_defect_keeps_the_vehicle_here()
    {
        var session = await pages.SignIn("Dieter Disponent", Role.Dispatcher);
        var handle = await session.Handle();
        var vehicle = Kehrwerk.Centre.Tests.Fleet.GridTown.Vehicle(1).Id.ToString();
        var desk = pages.App.Services.GetRequiredService<UpkeepDesk>();
        var form = $"/upkeep/departure?vehicle={Uri.EscapeDataString(vehicle)}";
        var good = Enum.GetValues<CheckItem>().Select(item => ($"item-{item}", "good")).Append(("vehicle", vehicle)).ToArray();
        Assert.False(desk.IsCleared(vehicle));

        using var unsigned = await session.Post(form, "/upkeep/departure", good);
        Assert.Equal(HttpStatusCode.BadRequest, unsigned.StatusCode);
        using var gap = await session.Post(form, "/upkeep/departure", [.. good[1..], ("confirmed", "true")]);
        var shown = await Body(gap);
        Assert.Contains("Answer each item", shown, StringComparison.Ordinal);
        // What was answered is still there.
        Assert.Matches("id=\"good-Brakes\"[^>]*checked", shown);
        Assert.DoesNotMatch("id=\"good-TestDrive\"[^>]*checked", shown);
        Assert.False(desk.IsCleared(vehicle));

        using var signed = await session.Post(form, "/upkeep/departure", [.. good, ("confirmed", "true")]);
        Assert.Equal("/upkeep?said=DepartureCleared", signed.Headers.Location?.ToString());
        Assert.True(desk.IsCleared(vehicle));
        Assert.Contains("data-proven=\"true\"", await Body(await session.Get("/upkeep/report?id=1")), StringComparison.Ordinal);
        Assert.Contains(pages.Store.Record(), entry => entry.Kind == "departureChecked" && entry.Who == handle && entry.Vehicle == vehicle);

        using var defect = await session.Post(form, "/upkeep/departure", [.. good[..1], ("item-Brakes", "defect"), ("remark-Brakes", "squeals"), .. good[2..], ("confirmed", "true")]);
        Assert.Equal("/upkeep?said=DepartureDefect", defect.Headers.Location?.ToString());
        Assert.False(desk.IsCleared(vehicle));

        // Whoever may check may not enter what a workshop did.
        using var refused = await session.Post("/upkeep", "/upkeep/inspections", ("vehicle", vehicle), ("kind", "Full"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var missing = await session.Get("/upkeep/report?id=99");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }
}
