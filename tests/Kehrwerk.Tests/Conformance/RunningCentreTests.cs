using System.Diagnostics;
using System.Text.RegularExpressions;
using Kehrwerk.Conformance;
using Kehrwerk.Conformance.Masters;
using Kehrwerk.Link;
using Kehrwerk.Verbs;

namespace Kehrwerk.Tests.Conformance;

/// <summary>
/// The Centre as it is run, checked over its broker as a stranger's is, with a person at its pages. Left out is what takes minutes, or what a
/// busy machine alone can break; and it is watched for a fifth of the time only whether something comes that must not. All of it is checked in memory
/// (<see cref="OwnCentreTests"/>) and by hand (docs/how-to/check-a-vehicle.md).
/// </summary>
public sealed partial class RunningCentreTests(ITestOutputHelper output)
{
    // A street that a person closes may be on the vehicle's way; an update comes at the end of a base, some hundred metres on (RealLineTests drive whole shifts over
    // brokers); the next two are one more wait each; how soon a lease comes a busy machine alone can break.
    private static readonly string[] LeftOut =
    [
        "master.zone.", "master.update.rises", "master.update.stitch", "master.update.base-kept", "master.update.not-after-cancel", "master.update.extends",
        "master.instant.intervened", "master.response.base", "sp.master.lease.answers",
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_running_Centre_keeps_the_rules_of_a_master_control()
    {
        using var folder = new TemporaryFolder();
        await SmallTown.Import(folder.Path);
        var route = ConformVerb.RouteOf(folder.Path, isMaster: true);
        var port = Ports.FirstOfThree();
        using var run = Program.Start(
            "run", "--data", folder.Path, "--no-sweepers", "--vehicles", "1", "--supervisor", "always", "--departure-check", "off", "--port", $"{port}", "--broker-port", $"{port + 2}", "--iterations", "100");
        try
        {
            using var person = await Supervisor.SignIn(await LinkFrom(run));
            var (id, done, began) = (new VehicleId("kehrwerk", "KW-01"), new List<Task>(), Stopwatch.StartNew());
            var options = new MasterCheckOptions(
                wish => done.Add(Task.Run(() => person.Do(wish), Cancelled)), IsAttended: true, WaitS: 60, rule => !LeftOut.Any(left => rule.Id.StartsWith(left, StringComparison.Ordinal)),
                scene => output.WriteLine($"{began.Elapsed.TotalSeconds:F0} s: {scene}"), Patience: 0.2);
            var report = await ConformRun.Master(new("127.0.0.1", port + 2, id.ToString()), id, route, options, Cancelled);
            await Task.WhenAll(done);
            OwnVehicleTests.Nothing(report.Results.Where(result => result.Outcome != Outcome.Pass));
            Assert.Equal(Rules.OfMaster.Length - 12, report.Results.Length);
        }
        finally
        {
            run.Kill();
            await run.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Reads what the Centre says until its shift has started; gives the link for signing in.</summary>
    private static async Task<string> LinkFrom(Process run)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        var link = "";
        while (await run.StandardError.ReadLineAsync(patience.Token) is { } line && !line.Contains("A shift has started", StringComparison.Ordinal))
        {
            link = SignInLink().Match(line) is { Success: true } found ? found.Value : link;
        }

        return link;
    }

    [GeneratedRegex(@"http://\S+/sign-in\?token=\S+")]
    private static partial Regex SignInLink();

    /// <summary>A person at the Centre's pages.</summary>
    private sealed partial class Supervisor : IDisposable
    {
        private readonly HttpClient http;

        private Supervisor(Uri centre) => http = new() { BaseAddress = centre };

        public static async Task<Supervisor> SignIn(string link)
        {
            var address = new Uri(link);
            var person = new Supervisor(new(address.GetLeftPart(UriPartial.Authority)));
            var token = address.Query.Split('=', 2)[1];
            await person.Send(address.PathAndQuery, "/sign-in", ("token", token), ("name", "Ada"));
            return person;
        }

        public async Task Do(MasterWish wish)
        {
            switch (wish)
            {
                case MasterWish.Pause:
                    await Command("Pause");
                    await Command("Resume");
                    break;
                case MasterWish.Answer:
                    await Grant("conform-r1");
                    break;
                default:
                    // Its shift gives it work.
                    break;
            }
        }

        private Task Command(string kind) => Send("/", "/vehicles/commands", ("vehicle", "kehrwerk/KW-01"), ("kind", kind));

        private Task Grant(string request) => Send(
            "/", "/vehicles/answers", ("vehicle", "kehrwerk/KW-01"), ("request", request), ("grant", "Granted"), ("confirmed", "true"));

        public void Dispose() => http.Dispose();

        /// <summary>Opens a page and sends a form from it.</summary>
        private async Task Send(string page, string to, params (string Key, string Value)[] fields)
        {
            var html = await http.GetStringAsync(page, Cancelled);
            var token = FormToken().Match(html).Groups[1].Value;
            using var form = new FormUrlEncodedContent([.. fields.Select(field => KeyValuePair.Create(field.Key, field.Value)), new("__RequestVerificationToken", token)]);
            using var answer = await http.PostAsync(to, form, Cancelled);
            Assert.True(answer.IsSuccessStatusCode, $"{to}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancelled)}");
        }

        [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
        private static partial Regex FormToken();
    }
}
