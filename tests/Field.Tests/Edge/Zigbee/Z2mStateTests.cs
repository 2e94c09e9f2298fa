using System.Text;
using Field.Contracts;
using Field.EdgeAgent.Locks;
using Field.EdgeAgent.Zigbee;
using Field.Tests.Contracts;

namespace Field.Tests.Edge.Zigbee;

/// <summary>What is read of a bridge's messages; the shapes are those of the locks' pages of the Zigbee2MQTT documentation.</summary>
public sealed class Z2mStateTests
{
    /// <summary>Shapes as the bridge publishes them: Yale YRD-type, Schlage BE468, Onesti Nimly, Frient keypad, Aqara contact.</summary>
    public static readonly string[] Samples =
    [
        """{"action":"unlock","action_source":0,"action_source_name":"keypad","action_user":11,"auto_relock_time":10,"battery":76,"battery_low":false,"linkquality":120,"lock_state":"locked","pin_code":null,"sound_volume":"low_volume","state":"LOCK","users":{"1":{"pin_code":"482913","status":"enabled","user_type":"unrestricted"}}}""",
        """{"action":"unlock_failure_invalid_pin_or_id","action_source":0,"action_source_name":"keypad","action_user":0,"battery":76,"lock_state":"locked","state":"LOCK"}""",
        """{"battery":85,"battery_low":false,"last_lock_source":"self","last_unlock_source":"keypad","last_unlock_user":3,"last_used_pin_code":"482913","last_used_pincode":"482913","lock_state":"unlocked","sound_volume":"silent","state":"UNLOCK","auto_relock":true}""",
        """{"action":"manual_unlock","action_source":2,"action_source_name":"manual","action_user":null,"battery":75.5,"lock_state":"unlocked","state":"UNLOCK","linkquality":87}""",
        """{"action":"disarm","action_code":"482913","action_transaction":12,"action_zone":0,"battery":100,"tamper":false,"battery_low":false,"presence":true,"linkquality":171}""",
        """{"action":"auto_lock","action_source":4,"action_source_name":"manual","battery":75,"lock_state":"not_fully_locked","state":"UNLOCK"}""",
        """{"battery":100,"contact":false,"linkquality":98,"tamper":true,"voltage":3005}""",
    ];

    [Fact]
    public void Keypad_of_the_lock_names_its_user_and_the_action_is_newer_than_the_cached_state()
    {
        HardwareInput.Report report = Read(0).Report;
        Assert.Equal((false, "user", 11L, false), (report.Locked!.Value, report.By, report.User, report.Denied));
        Assert.Equal((76.0, false), (report.BatteryPercent, report.BatteryLow));
    }

    [Fact]
    public void Wrong_PIN_at_the_lock_is_a_denial() =>
        Assert.Equal((true, 0L, true), (Read(1).Report.Denied, Read(1).Report.User, Read(1).Report.Locked!.Value));

    [Fact]
    public void State_without_an_action_has_no_name_and_half_thrown_bolt_is_open()
    {
        Assert.Equal((false, null), (Read(2).Report.Locked!.Value, Read(2).Report.By));
        Assert.Equal((false, "manual", 75.5), (Read(3).Report.Locked!.Value, Read(3).Report.By, Read(3).Report.BatteryPercent));
        Assert.Equal((true, "auto"), (Read(5).Report.Locked!.Value, Read(5).Report.By));
    }

    [Fact]
    public void Digits_at_a_keypad_become_an_entry_that_prints_nothing()
    {
        Z2mState state = Read(4);
        Assert.True(state.Typed);
        Assert.Equal("482913", Encoding.ASCII.GetString(state.Pin!.Digits));
        Assert.All(Enumerable.Range(0, Samples.Length), i => Assert.DoesNotContain("482913", Read(i).ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Contact_and_tamper_are_read() => Assert.Equal((true, true), (Read(6).Report.DoorOpen!.Value, Read(6).Report.Tamper!.Value));

    [Theory]
    [InlineData("""{"state":"UNLOCK" """, ErrorCodes.NotJson)]
    [InlineData("[1]", ErrorCodes.WrongType)]
    [InlineData("", ErrorCodes.NotJson)]
    [InlineData("""{"action":"\ud800"}""", ErrorCodes.NotJson)]
    public void Message_that_is_none_gives_a_code(string message, string code)
    {
        (Z2mState? state, string? error) = Z2mState.Parse(Encoding.UTF8.GetBytes(message));
        Assert.Null(state);
        Assert.Equal(code, error);
    }

    [Fact]
    public void Wrong_types_and_ranges_are_left_out()
    {
        byte[] odd = """{"state":7,"lock_state":null,"battery":4000,"contact":"no","action_user":-3,"action":"unlock","action_code":{"a":1},"tamper":1}"""u8.ToArray();
        HardwareInput.Report report = Z2mState.Parse(odd).State!.Report;
        Assert.Equal(new HardwareInput.Report { Locked = false, By = "unknown" }, report);
        Assert.Equal(ErrorCodes.TooLarge, Z2mState.Parse(new byte[Z2mState.MaxBytes + 1]).Error);
    }

    [Theory]
    [InlineData("online", true)]
    [InlineData("offline", false)]
    [InlineData("""{"state":"online"}""", true)]
    [InlineData("""{"state":"offline"}""", false)]
    [InlineData("""{"state":1}""", null)]
    [InlineData("{", null)]
    [InlineData("[]", null)]
    [InlineData("", null)]
    public void Availability_is_read_in_both_forms(string message, bool? online) =>
        Assert.Equal(online, Z2mState.ParseAvailability(Encoding.UTF8.GetBytes(message)));

    [Fact]
    public void Mutated_message_gives_a_state_or_a_code()
    {
        Random random = new(2017);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] mutated = WireFuzzTests.Mutate(Encoding.UTF8.GetBytes(Samples[i % Samples.Length]), random);
            (Z2mState? state, string? error) = Z2mState.Parse(mutated);
            Assert.True(state is null != error is null);
            refused += error is null ? 0 : 1;
            state?.Pin?.Dispose();
            Z2mState.ParseAvailability(mutated);
        }

        Assert.InRange(refused, 2_000, 19_000);
    }

    private static Z2mState Read(int sample)
    {
        (Z2mState? state, string? error) = Z2mState.Parse(Encoding.UTF8.GetBytes(Samples[sample]));
        Assert.Null(error);
        return state!;
    }
}
