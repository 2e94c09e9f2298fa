using System.Globalization;
using System.IO.Compression;
using System.Xml.Linq;

namespace Field.Tests.Geo.Routes;

/// <summary>A waypoint of a KMZ: lon, lat, and metres above the place of take-off.</summary>
internal sealed record WpmlWaypoint(double Lon, double Lat, double HeightM);

/// <summary>A KMZ against DJI's published tables of WPML (template.kml, waylines.wpml, common elements): what is required, its type, range and order.</summary>
internal static class WpmlStructure
{
    internal static readonly XNamespace Kml = "http://www.opengis.net/kml/2.2";
    internal static readonly XNamespace Wpml = "http://www.dji.com/wpmz/1.0.6";

    /// <summary>The waypoints of a KMZ that is as published, the same in both of its documents.</summary>
    internal static IReadOnlyList<WpmlWaypoint> Check(byte[] kmz)
    {
        using (ZipArchive zip = new(new MemoryStream(kmz)))
        {
            Assert.Equal(["wpmz/template.kml", "wpmz/waylines.wpml"], zip.Entries.Select(e => e.FullName).Order());
        }

        var waypoints = Waylines(Read(kmz, "wpmz/waylines.wpml"));
        Assert.Equal(waypoints, Template(Read(kmz, "wpmz/template.kml")));
        return waypoints;
    }

    internal static XDocument Read(byte[] kmz, string name)
    {
        using ZipArchive zip = new(new MemoryStream(kmz));
        using var stream = zip.GetEntry(name)!.Open();
        return XDocument.Load(stream);
    }

    private static List<WpmlWaypoint> Waylines(XDocument document)
    {
        var root = Root(document);
        Assert.Equal([Wpml + "missionConfig", Kml + "Folder"], root.Elements().Select(e => e.Name));
        Mission(root.Element(Wpml + "missionConfig")!);
        var folder = root.Element(Kml + "Folder")!;
        Ordered(folder, ["templateId", "executeHeightMode", "waylineId", "autoFlightSpeed"]);
        Assert.Equal("relativeToStartPoint", Text(folder, "executeHeightMode"));
        Within(folder, "templateId", 0, 65535);
        Within(folder, "waylineId", 0, 65535);
        Within(folder, "autoFlightSpeed", 0.01, 15);
        var waypoints = Placemarks(folder, "executeHeight");
        foreach (var mark in folder.Elements(Kml + "Placemark"))
        {
            Ordered(mark, ["index", "executeHeight", "waypointSpeed", "waypointHeadingParam", "waypointTurnParam", "useStraightLine"]);
            Assert.Contains(Text(mark, "useStraightLine"), new[] { "0", "1" });
        }

        ActionGroups(folder);
        return waypoints;
    }

    private static List<WpmlWaypoint> Template(XDocument document)
    {
        var root = Root(document);
        Within(root, "createTime", 1, double.MaxValue);
        Mission(root.Element(Wpml + "missionConfig")!);
        var folder = root.Element(Kml + "Folder")!;
        Assert.Equal("waypoint", Text(folder, "templateType"));
        Ordered(folder, ["templateType", "templateId", "waylineCoordinateSysParam", "autoFlightSpeed", "globalHeight", "gimbalPitchMode", "globalWaypointHeadingParam", "globalWaypointTurnMode", "globalUseStraightLine", "payloadParam"]);
        var system = folder.Element(Wpml + "waylineCoordinateSysParam")!;
        Assert.Equal("WGS84", Text(system, "coordinateMode"));
        Assert.Equal("relativeToStartPoint", Text(system, "heightMode"));
        Assert.Contains(Text(folder, "gimbalPitchMode"), new[] { "manual", "usePointSetting" });
        Heading(folder.Element(Wpml + "globalWaypointHeadingParam")!);
        Assert.Contains(Text(folder.Element(Wpml + "payloadParam")!, "imageFormat"), new[] { "wide", "zoom", "ir", "visible" });
        var waypoints = Placemarks(folder, "height");
        foreach (var mark in folder.Elements(Kml + "Placemark"))
        {
            Ordered(mark, ["index", "ellipsoidHeight", "height", "useGlobalHeight", "useGlobalSpeed", "waypointSpeed", "useGlobalHeadingParam", "waypointHeadingParam", "useGlobalTurnParam", "waypointTurnParam", "useStraightLine"]);
        }

        ActionGroups(folder);
        return waypoints;
    }

    private static XElement Root(XDocument document)
    {
        Assert.Equal(Kml + "kml", document.Root!.Name);
        Assert.All(document.Descendants(), e => Assert.Contains(e.Name.Namespace, new[] { Kml, Wpml }));
        string[] kml = ["kml", "Document", "Folder", "Placemark", "Point", "coordinates"];
        Assert.All(document.Descendants(), e => Assert.Equal(kml.Contains(e.Name.LocalName), e.Name.Namespace == Kml));
        return Assert.Single(document.Root.Elements(Kml + "Document"));
    }

    private static void Mission(XElement mission)
    {
        Ordered(mission, ["flyToWaylineMode", "finishAction", "exitOnRCLost", "executeRCLostAction", "takeOffSecurityHeight", "globalTransitionalSpeed", "globalRTHHeight", "droneInfo", "payloadInfo"]);
        Assert.Contains(Text(mission, "flyToWaylineMode"), new[] { "safely", "pointToPoint" });
        Assert.Contains(Text(mission, "finishAction"), new[] { "goHome", "noAction", "autoLand", "gotoFirstWaypoint" });
        Assert.Contains(Text(mission, "exitOnRCLost"), new[] { "goContinue", "executeLostAction" });
        Assert.Contains(Text(mission, "executeRCLostAction"), new[] { "goBack", "landing", "hover" });
        Within(mission, "takeOffSecurityHeight", 2, 1500);
        Within(mission, "globalTransitionalSpeed", 0.01, 15);
        Assert.Contains((int)Number(mission.Element(Wpml + "droneInfo")!, "droneEnumValue"), new[] { 60, 67, 77, 89, 91 });
        Within(mission.Element(Wpml + "droneInfo")!, "droneSubEnumValue", 0, 2);
        Within(mission.Element(Wpml + "payloadInfo")!, "payloadEnumValue", 1, 65534);
        Within(mission.Element(Wpml + "payloadInfo")!, "payloadPositionIndex", 0, 2);
    }

    private static List<WpmlWaypoint> Placemarks(XElement folder, string heightName)
    {
        var marks = folder.Elements(Kml + "Placemark").ToArray();
        Assert.True(marks.Length >= 2);
        List<WpmlWaypoint> waypoints = [];
        for (var i = 0; i < marks.Length; i++)
        {
            var mark = marks[i];
            Assert.Equal(Kml + "Point", mark.Elements().First().Name);
            Assert.Equal(i, Number(mark, "index"));
            var lonLat = mark.Element(Kml + "Point")!.Element(Kml + "coordinates")!.Value.Split(',').Select(t => double.Parse(t, CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(2, lonLat.Length);
            Within(mark, "waypointSpeed", 0.01, 15);
            Heading(mark.Element(Wpml + "waypointHeadingParam")!);
            Turn(mark.Element(Wpml + "waypointTurnParam")!, isEnd: i == 0 || i == marks.Length - 1);
            waypoints.Add(new WpmlWaypoint(lonLat[0], lonLat[1], Number(mark, heightName)));
        }

        return waypoints;
    }

    private static void Heading(XElement heading)
    {
        Assert.Contains(Text(heading, "waypointHeadingMode"), new[] { "followWayline", "manually", "fixed", "smoothTransition", "towardPOI" });
        Assert.InRange(int.Parse(Text(heading, "waypointHeadingAngle"), CultureInfo.InvariantCulture), -180, 180);
        Assert.Contains(Text(heading, "waypointHeadingPathMode"), new[] { "clockwise", "counterClockwise", "followBadArc" });
    }

    private static void Turn(XElement turn, bool isEnd)
    {
        var mode = Text(turn, "waypointTurnMode");
        Assert.Contains(mode, new[] { "toPointAndStopWithDiscontinuityCurvature", "toPointAndPassWithContinuityCurvature" });
        Assert.Equal(mode == "toPointAndPassWithContinuityCurvature", Number(turn, "waypointTurnDampingDist") > 0);
        Assert.False(isEnd && mode == "toPointAndPassWithContinuityCurvature");
    }

    private static void ActionGroups(XElement folder)
    {
        var groups = folder.Descendants(Wpml + "actionGroup").ToArray();
        var count = folder.Elements(Kml + "Placemark").Count();
        Assert.Equal(Enumerable.Range(0, groups.Length), groups.Select(g => (int)Number(g, "actionGroupId")));
        foreach (var group in groups)
        {
            Ordered(group, ["actionGroupId", "actionGroupStartIndex", "actionGroupEndIndex", "actionGroupMode", "actionTrigger", "action"]);
            Assert.Equal(Number(group.Parent!, "index"), Number(group, "actionGroupStartIndex"));
            Within(group, "actionGroupEndIndex", Number(group, "actionGroupStartIndex"), count - 1);
            Assert.Equal("sequence", Text(group, "actionGroupMode"));
            var trigger = group.Element(Wpml + "actionTrigger")!;
            Assert.Contains(Text(trigger, "actionTriggerType"), new[] { "reachPoint", "multipleDistance" });
            Assert.Equal(Text(trigger, "actionTriggerType") == "multipleDistance", trigger.Element(Wpml + "actionTriggerParam") is not null);
            var actions = group.Elements(Wpml + "action").ToArray();
            Assert.Equal(Enumerable.Range(0, actions.Length), actions.Select(a => (int)Number(a, "actionId")));
            Assert.All(actions, Action);
        }
    }

    private static void Action(XElement action)
    {
        var parameters = action.Element(Wpml + "actionActuatorFuncParam")!;
        Within(parameters, "payloadPositionIndex", 0, 2);
        if (Text(action, "actionActuatorFunc") == "takePhoto")
        {
            Assert.NotEmpty(Text(parameters, "fileSuffix"));
            Assert.Contains(Text(parameters, "useGlobalPayloadLensIndex"), new[] { "0", "1" });
            return;
        }

        Assert.Equal("gimbalRotate", Text(action, "actionActuatorFunc"));
        Assert.Equal("north", Text(parameters, "gimbalHeadingYawBase"));
        Assert.Equal("absoluteAngle", Text(parameters, "gimbalRotateMode"));
        foreach (var axis in new[] { "Pitch", "Roll", "Yaw" })
        {
            Assert.Contains(Text(parameters, $"gimbal{axis}RotateEnable"), new[] { "0", "1" });
            Within(parameters, $"gimbal{axis}RotateAngle", -180, 180);
        }

        Assert.Equal("0", Text(parameters, "gimbalRotateTimeEnable"));
        Within(parameters, "gimbalRotateTime", 0, 100);
    }

    private static void Ordered(XElement parent, string[] names)
    {
        var children = parent.Elements().Where(e => e.Name.Namespace == Wpml).Select(e => e.Name.LocalName).Where(names.Contains).Distinct();
        Assert.Equal(names, children);
    }

    internal static string Text(XElement parent, string name) => Assert.Single(parent.Elements(Wpml + name)).Value;

    internal static double Number(XElement parent, string name) => double.Parse(Text(parent, name), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static void Within(XElement parent, string name, double low, double high) => Assert.InRange(Number(parent, name), low, high);
}
