using Kehrwerk.Streets.Import;
using Spectre.Console;

namespace Kehrwerk;

/// <summary>What the process tells its caller. System.CommandLine uses 1 for a wrong command line.</summary>
internal static class ExitCode
{
    public const int Good = 0;
    /// <summary>A file, option or folder cannot be used.</summary>
    public const int BadInput = 2;
    /// <summary>The work was done and its result breaks a rule, e.g. a simulated shift with a violation.</summary>
    public const int RuleBroken = 3;
    /// <summary>Ended by Ctrl+C.</summary>
    public const int Stopped = 130;
}

/// <summary>Talks to the person at the terminal: results go to standard output, everything else to standard error.</summary>
internal static class Terminal
{
    private static readonly IAnsiConsole Errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public static void Complain(string message) => Console.Error.WriteLine("kehrwerk: " + message);

    public static void Note(string message) => Console.Error.WriteLine(message);

    /// <summary>
    /// Runs long work with a progress bar where a person is watching. The work reports a step's name and the share (0–1) done.
    /// </summary>
    public static T WithProgress<T>(string title, Func<Action<string, double>, T> work)
    {
        if (Console.IsErrorRedirected || !Errors.Profile.Capabilities.Interactive)
        {
            return work((_, _) => { });
        }

        return Errors.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).Start(context =>
        {
            var bar = context.AddTask(Markup.Escape(title), maxValue: 1);
            return work((step, share) =>
            {
                bar.Description = Markup.Escape(step);
                bar.Value = share;
            });
        });
    }
}

/// <summary>Lets work that reports its own kind of progress report to <see cref="Terminal.WithProgress"/>.</summary>
internal static class ProgressReports
{
    public static IProgress<ImportProgress> ForImport(this Action<string, double> report) => report.For<ImportProgress>(p => (p.Step, p.Share));

    /// <param name="stepOf">Name of the step and share (0–1) done.</param>
    public static IProgress<T> For<T>(this Action<string, double> report, Func<T, (string Step, double Share)> stepOf) => new Direct<T>(report, stepOf);

    // Progress<T> would post to the thread pool; here the order matters and the caller waits anyway.
    private sealed class Direct<T>(Action<string, double> report, Func<T, (string Step, double Share)> stepOf) : IProgress<T>
    {
        public void Report(T value)
        {
            var (step, share) = stepOf(value);
            report(step, share);
        }
    }
}
