using System.CommandLine;
using Field.Geo.Routes;

namespace Field.MapApp.Routes;

/// <summary><c>route levee</c>: plans flights and writes them for the aircraft.</summary>
internal static class RouteCommand
{
    public static Command Create() => new("route", "飛行ルートの作成 / Plans flights along a levee.") { Levee() };

    private static Command Levee()
    {
        RouteOptions shared = new();
        Option<string> line = shared.Add(new Option<string>("--line") { HelpName = "FILE", Required = true, Description = "堤防法線の GeoJSON / GeoJSON with the levee line." });
        Option<string?> profile = shared.Add(new Option<string?>("--profile") { HelpName = "FILE", Description = "縦断（距離 m,標高 m の CSV）/ Ground along the line: CSV of distance m, elevation m. None: level." });
        Option<double> height = shared.Number("--height", "M", 50, "対地高度 / Height above ground.");
        Option<double> width = shared.Number("--width", "M", 40, "撮影する幅 / Width of the corridor to be shown.");
        Option<double> offset = shared.Number("--offset", "M", 0, "法線から回廊の中心まで（右が正）/ From the line to the corridor's centre, right in the line's direction.");
        Option<double> pitch = shared.Number("--pitch", "DEG", -90, "ジンバル角 / Gimbal pitch; -90 straight down.");
        Option<double> maxClimb = shared.Number("--max-climb", "DEG", 15, "最大勾配 / Steepest climb or descent on a track.");
        Command command = new("levee", "堤防に沿った回廊 / A corridor along a levee line.");
        shared.All.ToList().ForEach(command.Add);
        command.SetAction(result => shared.Run(result, () => LeveePlanner.Plan(shared.Fill(result, new LeveeRouteRequest
        {
            Camera = shared.Camera(result),
            Line = RouteInput.Line(result.GetRequiredValue(line)),
            Ground = result.GetValue(profile) is { } path ? RouteInput.Profile(path) : [],
            HeightM = result.GetValue(height),
            WidthM = result.GetValue(width),
            OffsetM = result.GetValue(offset),
            GimbalPitchDeg = result.GetValue(pitch),
            MaxClimbDeg = result.GetValue(maxClimb),
        }))));
        return command;
    }
}
