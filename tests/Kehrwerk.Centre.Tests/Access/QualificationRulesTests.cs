using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Access.Qualifications;
using Xunit;

namespace Kehrwerk.Centre.Tests.Access;

/// <summary>T7: what AFGBV § 14 asks, and that it blocks when it has expired.</summary>
public sealed class QualificationRulesTests
{
    private static readonly DateOnly Today = new(2026, 4, 15);

    private static readonly Qualification[] Supervisor =
    [
        new(QualificationKind.Degree, null),
        new(QualificationKind.ManufacturerTraining, Today.AddYears(1)),
        new(QualificationKind.DrivingLicence, Today),
        new(QualificationKind.Reliability, Today.AddDays(30)),
    ];

    [Fact]
    public void A_qualification_holds_on_its_last_day_and_not_on_the_next()
    {
        Assert.Empty(QualificationRules.Missing(AccessCommand.ReleaseVehicle, Supervisor, Today));

        var missing = Assert.Single(QualificationRules.Missing(AccessCommand.ReleaseVehicle, Supervisor, Today.AddDays(1)));
        Assert.Equal(new(QualificationKind.DrivingLicence, Today.AddDays(1)), missing);
    }

    [Theory]
    [InlineData(QualificationKind.Degree)]
    [InlineData(QualificationKind.ManufacturerTraining)]
    [InlineData(QualificationKind.DrivingLicence)]
    [InlineData(QualificationKind.Reliability)]
    public void Each_of_the_four_is_needed_for_release_grant_and_duty(QualificationKind without)
    {
        var held = Supervisor.Where(one => one.Kind != without).ToList();

        Assert.All(
            [AccessCommand.ReleaseVehicle, AccessCommand.GrantRequest, AccessCommand.GoOnDuty],
            command => Assert.Equal(without, Assert.Single(QualificationRules.Missing(command, held, Today)).Kind));
    }

    [Fact]
    public void What_holds_a_vehicle_needs_no_qualification_and_neither_does_leaving_duty() =>
        Assert.All(
            [AccessCommand.StopVehicle, AccessCommand.PauseVehicle, AccessCommand.RejectRequest, AccessCommand.LeaveDuty],
            command => Assert.Empty(QualificationRules.Missing(command, [], Today)));

    [Fact]
    public void Helpers_need_their_yearly_training_to_let_a_vehicle_go_on()
    {
        Assert.Equal(QualificationKind.YearlyTraining, Assert.Single(QualificationRules.Missing(AccessCommand.ResumeVehicle, [], Today)).Kind);
        Assert.Empty(QualificationRules.Missing(AccessCommand.ResumeVehicle, [new(QualificationKind.YearlyTraining, Today)], Today));
        Assert.Empty(QualificationRules.Missing(AccessCommand.ResumeVehicle, Supervisor, Today));
        // Training alone does not make a supervisor.
        Assert.Equal(4, QualificationRules.Missing(AccessCommand.ReleaseVehicle, [new(QualificationKind.YearlyTraining, Today)], Today).Length);
    }

    [Fact]
    public void It_warns_thirty_days_ahead_and_not_where_a_later_one_is_entered()
    {
        Assert.Equal([QualificationKind.DrivingLicence, QualificationKind.Reliability], QualificationRules.EndingSoon(Supervisor, Today).Select(one => one.Kind));
        Assert.Equal(QualificationKind.DrivingLicence, Assert.Single(QualificationRules.EndingSoon(Supervisor, Today.AddDays(-1))).Kind);
        Assert.DoesNotContain(
            QualificationRules.EndingSoon([.. Supervisor, new(QualificationKind.DrivingLicence, Today.AddYears(5))], Today), one => one.Kind == QualificationKind.DrivingLicence);
    }
}
