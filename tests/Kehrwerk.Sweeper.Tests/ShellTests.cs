using System.Collections.Concurrent;
using System.Threading.Channels;
using Kehrwerk.Link;
using Kehrwerk.Link.Messages;
using Kehrwerk.Link.Simulation;
using Kehrwerk.Link.Transport;
using Kehrwerk.Streets;
using Microsoft.Extensions.Logging;

namespace Kehrwerk.Sweeper.Tests;

public sealed class ShellTests
{
    private static readonly Town Town = Town.Instance;
    private static readonly SweeperModel Model = SweeperModel.Default;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_order_over_the_simulated_broker_is_driven_to_its_end(bool isRough)
    {
        var world = new World(isRough ? LinkConditions.Rough : LinkConditions.Good);
        var order = LinkJson.Serialize(Town.Order("o1", 0, ["1.0f", "2.0f"], sweep: _ => true));
        // The centre repeats the order until the state shows it.
        while (world.Last?.OrderId != "o1")
        {
            world.Centre.Publish(new(Topics.Default.Of(Rig.Id, LinkTopic.Order), order));
            world.Loop.RunFor(TimeSpan.FromSeconds(2));
        }

        world.Loop.RunFor(TimeSpan.FromMinutes(10));
        Assert.All(world.Last!.ActionStates, action => Assert.Equal(ActionStatus.Finished, action.ActionStatus));
        Assert.Equal("n3", world.Last.LastNodeId);
        Assert.Equal(ConnectionState.Online, world.Connection);
    }

    [Fact]
    public void After_a_cut_that_the_broker_noticed_the_vehicle_is_online_again()
    {
        var world = new World(LinkConditions.Good);
        world.Loop.RunFor(TimeSpan.FromSeconds(5));
        world.Vehicle.Disconnect();
        world.Loop.RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal(ConnectionState.ConnectionBroken, world.Connection);
        world.Vehicle.Reconnect();
        world.Loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(ConnectionState.Online, world.Connection);
    }

    [Fact]
    public void A_killed_vehicle_leaves_its_last_will_and_comes_back_in_its_condition()
    {
        var world = new World(LinkConditions.Good);
        world.Centre.Publish(new(Topics.Default.Of(Rig.Id, LinkTopic.Order), LinkJson.Serialize(Town.Order("o1", 0, ["1.0f"], sweep: _ => true))));
        world.Loop.RunFor(TimeSpan.FromSeconds(60));
        world.Sweeper.Stop();
        world.Vehicle.Kill();
        world.Loop.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(ConnectionState.ConnectionBroken, world.Connection);

        var condition = world.Sweeper.Program.Condition;
        world.StartSweeper(condition);
        world.Loop.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(ConnectionState.Online, world.Connection);
        Assert.Equal("", world.Last!.OrderId);
        Assert.Equal(condition.SweptM, world.Last.SweeperStatus!.SweptM);
    }

    [Fact]
    public async Task The_host_greets_drives_in_its_time_says_farewell_and_keeps_its_condition()
    {
        using var hosted = new Hosted(fileIn: ".");
        var connections = new List<ConnectionState>();
        await hosted.Broker.Connect("centre").SubscribeAsync(Topics.Default.Of(Rig.Id, LinkTopic.Connection), message =>
        {
            connections.Add(LinkJson.Read<Connection>(message.Payload.Span).Message!.ConnectionState);
            return ValueTask.CompletedTask;
        }, Cancelled);
        Assert.Null(hosted.File.Load(Model, Town.Map));

        hosted.Start();
        await hosted.Next(_ => true);
        await hosted.Stop();

        hosted.Loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal([ConnectionState.Online, ConnectionState.Offline], connections);
        Assert.Equal(hosted.Program.Condition, hosted.File.Load(Model, Town.Map));
        Assert.Empty(hosted.Log.Lines);
    }

    [Fact]
    public async Task A_host_that_cannot_save_says_so_and_goes_on_once_it_can()
    {
        using var hosted = new Hosted(fileIn: "later");
        hosted.Start();
        await hosted.Next(state => state.Errors.Any(error => error.ErrorType == "conditionNotSaved"));
        var (level, text) = Assert.Single(hosted.Log.Lines);
        Assert.Equal(LogLevel.Error, level);
        Assert.Contains(hosted.File.Path, text, StringComparison.Ordinal);

        Directory.CreateDirectory(Path.GetDirectoryName(hosted.File.Path)!);
        await hosted.Next(state => state.Errors.IsEmpty);
        await hosted.Stop();
        Assert.Equal(hosted.Program.Condition, hosted.File.Load(Model, Town.Map));
    }

    [Fact]
    public async Task A_host_that_can_never_save_ends_in_good_order_and_says_so()
    {
        using var hosted = new Hosted(fileIn: "never");
        hosted.Start();
        await hosted.Next(state => !state.Errors.IsEmpty);
        await hosted.Stop();

        Assert.Equal([LogLevel.Error, LogLevel.Error], hosted.Log.Lines.Select(line => line.Level));
    }

    [Theory]
    [InlineData("{ \"arc\": ")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{ \"arc\": \"9.9f\", \"offsetM\": 0, \"lastNodeId\": \"n1\", \"energyWh\": 1, \"waterL\": 1, \"hopperM3\": 0 }")]
    [InlineData("{ \"arc\": \"1.0f\", \"offsetM\": 0, \"lastNodeId\": \"n1\", \"energyWh\": 1e9, \"waterL\": 1, \"hopperM3\": 0 }")]
    public void A_saved_condition_that_cannot_be_is_refused_by_name_and_kept(string json)
    {
        var folder = Directory.CreateTempSubdirectory("kehrwerk-sweeper");
        try
        {
            var path = Path.Combine(folder.FullName, "S1.json");
            File.WriteAllText(path, json);
            Assert.Equal(path, Assert.Throws<InputException>(() => new ConditionFile(path).Load(Model, Town.Map)).Place);
            Assert.Equal(json, File.ReadAllText(path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A vehicle and a centre that only listens, in one event loop.</summary>
    private sealed class World
    {
        private readonly InMemoryBroker broker;

        public World(LinkConditions conditions)
        {
            Loop = new(Rig.Begin, 7);
            broker = new(Loop, conditions);
            Centre = broker.Connect("centre");
            Listen<State>(LinkTopic.State, state => Last = state);
            Listen<Connection>(LinkTopic.Connection, connection => Connection = connection.ConnectionState);
            (Vehicle, Sweeper) = StartSweeper(SweeperCondition.Fresh(Model, Town.Map, Town.DepotArc));
        }

        public EventLoop Loop { get; }
        public InMemoryClient Centre { get; }
        public InMemoryClient Vehicle { get; }
        public SweeperInLoop Sweeper { get; }
        public State? Last { get; private set; }
        public ConnectionState? Connection { get; private set; }

        public (InMemoryClient Client, SweeperInLoop Sweeper) StartSweeper(SweeperCondition condition)
        {
            var client = broker.Connect("vehicle", SweeperProgram.LastWillOf(Rig.Id, Topics.Default, Loop.Now));
            var sweeper = new SweeperInLoop(Loop, new(Rig.Id, Model, Town.Map, Town.MapId, Town.Settings, condition), client, Topics.Default);
            sweeper.Start();
            return (client, sweeper);
        }

        private void Listen<T>(LinkTopic topic, Action<T> take)
            where T : VdaMessage =>
            Centre.SubscribeAsync(Topics.Default.Of(Rig.Id, topic), message =>
            {
                take(LinkJson.Read<T>(message.Payload.Span).Message!);
                return ValueTask.CompletedTask;
            }).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>A vehicle in its host, on a real clock and a simulated wire, with its condition file in a folder that may be missing.</summary>
    private sealed class Hosted : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kehrwerk-sweeper");
        private readonly Channel<State> states = Channel.CreateUnbounded<State>();
        private readonly CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        private Task running = Task.CompletedTask;

        public Hosted(string fileIn)
        {
            File = new(Path.Combine(folder.FullName, fileIn, "S1.json"));
            Loop = new(Rig.Begin, 1);
            Broker = new(Loop, LinkConditions.Good);
            Program = new(Rig.Id, Model, Town.Map, Town.MapId, Town.Settings, SweeperCondition.Fresh(Model, Town.Map, Town.DepotArc));
        }

        public EventLoop Loop { get; }
        public InMemoryBroker Broker { get; }
        public SweeperProgram Program { get; }
        public ConditionFile File { get; }
        public ListeningLogger<SweeperHost> Log { get; } = new();

        public void Start()
        {
            var transport = new ListeningTransport(Broker.Connect("vehicle"), states.Writer);
            running = new SweeperHost(Program, transport, Topics.Default, File, TimeProvider.System, TimeSpan.FromSeconds(0.1), Log).RunAsync(stopping.Token);
        }

        /// <summary>Waits for a state that is as wanted.</summary>
        public async Task Next(Func<State, bool> wanted)
        {
            while (!wanted(await states.Reader.ReadAsync(Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancelled)))
            {
            }
        }

        public async Task Stop()
        {
            await stopping.CancelAsync();
            await running;
        }

        public void Dispose()
        {
            stopping.Dispose();
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The simulated client, which hands on every state that goes out.</summary>
    private sealed class ListeningTransport(InMemoryClient inner, ChannelWriter<State> states) : ITransport
    {
        public event Action<bool>? ConnectionChanged
        {
            add => inner.ConnectionChanged += value;
            remove => inner.ConnectionChanged -= value;
        }

        public bool IsConnected => inner.IsConnected;

        public async ValueTask PublishAsync(LinkMessage message, CancellationToken ct = default)
        {
            await inner.PublishAsync(message, ct);
            if (message.Topic.EndsWith("/state", StringComparison.Ordinal))
            {
                states.TryWrite(LinkJson.Read<State>(message.Payload.Span).Message!);
            }
        }

        public ValueTask SubscribeAsync(string topicFilter, Func<LinkMessage, ValueTask> handler, CancellationToken ct = default) =>
            inner.SubscribeAsync(topicFilter, handler, ct);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class ListeningLogger<T> : ILogger<T>
    {
        private readonly ConcurrentQueue<(LogLevel Level, string Text)> lines = [];

        public IReadOnlyCollection<(LogLevel Level, string Text)> Lines => lines;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lines.Enqueue((logLevel, formatter(state, exception)));
            }
        }
    }
}
