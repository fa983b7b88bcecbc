namespace Kehrwerk.Sweeper.Driving.Autonomy;

/// <summary>What the planner is to find a trajectory for.</summary>
internal struct PlanRequest
{
    /// <summary>Where the vehicle is along the way and to the left of its line, m; slope and second derivative of the offset over metres along.</summary>
    public double AlongM, D, Slope, Bend;

    /// <summary>Speed along the way, m/s, and acceleration, m/s².</summary>
    public double Mps, Mps2;

    /// <summary>The offset that it would have by itself, m to the left of the line.</summary>
    public double TargetM;

    public double MostMps;

    /// <summary>With which it may clear the way of who crosses, where it cannot stop out of it; 0 where it may not go faster than else.</summary>
    public double HasteMps;

    /// <summary>Where along the way it must stand; infinity if nowhere.</summary>
    public double StopM;

    /// <summary>How far it stays behind what blocks it, so that it can swerve out later, m.</summary>
    public double StandoffM;

    /// <summary>It may use the half of the street that is the others'.</summary>
    public bool MayCross;

    /// <summary>No sampling across: a line that is driven exactly, as in turning round or docking.</summary>
    public bool HoldsLine;

    /// <summary>Share of the usual distance to the sides that is kept; below 1 only on a released manoeuvre.</summary>
    public double ClearShare;

    /// <summary>How far lines and edges may be overrun where there is no other way out, m.</summary>
    public double SlackM;
}

/// <summary>A trajectory: across over along, and along over time since <see cref="StartS"/>.</summary>
internal struct Trajectory
{
    public LateralProfile Across;
    public LongitudinalProfile Along;

    /// <summary>Time at which it begins, s.</summary>
    public double StartS;

    /// <summary>It ends in standstill.</summary>
    public bool Stops;

    /// <summary>Nothing was free: it brakes as hard as needed.</summary>
    public bool IsFallback;

    /// <summary>How far its offset is free of standing things, m from where it began; and what ends that: index of the obstacle, -1 a kerb or line, -2 nothing.</summary>
    public double FreeM;

    public int Blocker;
    public double Cost;
}
