package dev.formwork.workflow.placement;

import java.math.BigDecimal;
import java.util.Optional;

/// One place where a machine may be made.
///
/// @param place its number among those that the group names, from 0
/// @param perHour what the machine costs there; empty where nobody has said
public record Choice(int place, String provider, Optional<BigDecimal> perHour) {}
